// Models behind an address: their names, and which of them somebody added in this browser.
//
// A link may name any address, and a key would be sent there. So only those count that were typed here, or
// that a stored comparison has asked already.

const KEPT = 'rl-endpoints';
const MOST = 20;
const PREFIX = 'endpoint:';

/** @param {string} model */
export const isEndpoint = model => model.startsWith(PREFIX);

/** @param {string} name what the server calls its model @param {string} url */
export const endpointModel = (name, url) => `${PREFIX}${name.trim()}@${url.trim().replace(/\/+$/, '')}`;

/** "MODEL at HOST". @param {string} model */
export function endpointLabel(model) {
  const [, name, host] = /^endpoint:(.+?)@https?:\/\/([^/]+)/.exec(model) ?? [];
  return name ? `${name} at ${host}` : model;
}

/** The parts of a model behind an address; empty where it is none. @param {string} model */
export function endpointParts(model) {
  const [, name = '', url = ''] = /^endpoint:(.+?)@(https?:\/\/[^\s,@]+)$/.exec(model) ?? [];
  return {name, url};
}

/**
 * A sentence on what is wrong with what was typed; empty where nothing is.
 * @param {string} name
 * @param {string} url
 */
export function endpointProblem(name, url) {
  if (!name.trim()) return 'The model has no name. Type what the server calls it, e.g. llama3.';
  if (name.includes(',')) return 'A comma parts models in a link. Give the model a name without one.';
  if (/^https?:\/\/[^\s,@]+$/.test(url.trim())) return '';
  const found = url.trim() ? `"${url.trim()}"` : 'empty';
  return `The address is ${found}. It begins with http:// or https://, e.g. http://127.0.0.1:11434/v1.`;
}

/** Newest first. @param {Storage} storage @returns {string[]} */
export function knownEndpoints(storage) {
  try {
    const kept = JSON.parse(storage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? kept.filter(one => typeof one === 'string' && isEndpoint(one)) : [];
  } catch {
    return []; // what another program left there
  }
}

/** @param {Storage} storage @param {string[]} models those of them that are endpoints are kept */
export function keepEndpoints(storage, models) {
  const known = knownEndpoints(storage);
  const all = [...new Set([...models.filter(isEndpoint), ...known])].slice(0, MOST);
  if (all.join() !== known.join()) storage.setItem(KEPT, JSON.stringify(all));
}

/**
 * Models of a link without endpoints that nobody added here, those, and a sentence on them.
 * @param {string[]} models
 * @param {string[]} known
 */
export function trusted(models, known) {
  const strange = models.filter(model => isEndpoint(model) && !known.includes(model));
  const names = strange.map(endpointLabel).join(', ');
  return {
    models: models.filter(model => !strange.includes(model)),
    strange,
    problem: strange.length
      ? `The link names ${names}, which nobody added in this browser, so it was left out: nothing is ` +
        'asked of an address that only a link names. If you trust it, add it.'
      : '',
  };
}
