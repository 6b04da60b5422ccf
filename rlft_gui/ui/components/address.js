// Addresses of pages, and the address line: it carries what a reload or a shared link must show.

/** @typedef {Record<string, string | number | null | undefined>} Query */

/** The query of the page that is open. */
export const asked = () => new URLSearchParams(location.search);

/**
 * Writes into the address line without a new entry in the history; null or "" takes a name away.
 * @param {Query} changes
 */
export function remember(changes) {
  const here = new URL(location.href);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === '' || value === undefined) here.searchParams.delete(key);
    else here.searchParams.set(key, String(value));
  }
  if (here.href !== location.href) history.replaceState(history.state, '', here);
}

/**
 * The address of a page of this app; what is null or "" is left out of the query.
 * @param {string} path
 * @param {Query} [query]
 */
export function address(path, query = {}) {
  const filled = Object.entries(query).filter(([, value]) => value != null && value !== '');
  const words = new URLSearchParams(filled.map(([key, value]) => [key, String(value)]));
  return filled.length ? `${path}?${words}` : path;
}

/**
 * An address that came from data: one that leads out of this app leads to its start instead.
 * @param {string} href
 */
export const inside = href => (href.startsWith('/') && !href.startsWith('//') ? href : '/');
