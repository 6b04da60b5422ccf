// The draft in the browser: copies of it with answers changed. Python's events call these.

/** @typedef {import('../../payloads').Draft} Draft */

/**
 * A copy of the draft with one answer changed; `path` names it, e.g. ['settings', 'dpo', 'beta'].
 * @param {Record<string, any> | null | undefined} draft
 * @param {string[]} path
 * @param {unknown} value
 * @returns {Record<string, any>}
 */
export function keep(draft, [key, ...rest], value) {
  return {...draft, [key]: rest.length ? keep(draft?.[key], rest, value) : value};
}

/**
 * The draft with the dataset that was chosen in a place of the data step.
 * @param {Draft} draft
 * @param {string} title JSON, which says whose place it is
 * @param {string | null} chosen
 */
export const keepData = (draft, title, chosen) => keep(draft, ['data', JSON.parse(title).stage], chosen);

/**
 * The draft with what the method step holds.
 * @param {Draft} draft
 * @param {string} held JSON, the part's value
 */
export function choose(draft, held) {
  const {method, options, skip, review} = JSON.parse(held);
  return {...draft, method, options, skip, review};
}

/**
 * The draft with what the settings step holds; it holds nothing before it is opened.
 * @param {Draft} draft
 * @param {string} held JSON, the part's value
 */
export function settle(draft, held) {
  const typed = JSON.parse(held)?.draft;
  return typed ? {...draft, title: typed.title, seed: typed.seed, settings: typed.settings} : draft;
}
