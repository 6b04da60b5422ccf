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
 * The draft with what the places of the data step hold. Those that are hidden come last and may still be
 * named after a stage of another method, so the first of a name counts.
 * @param {Draft} draft
 * @param {...(string | null)} shown the titles of all places, as JSON, then what each holds
 */
export function keepData(draft, ...shown) {
  const places = shown.length / 2;
  const titles = shown.slice(0, places).map(title => JSON.parse(title ?? 'null'));
  return titles.reduceRight(
    (kept, title, place) =>
      title && shown[places + place] ? keep(kept, ['data', title.stage], shown[places + place]) : kept,
    /** @type {Record<string, any>} */ (draft),
  );
}

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
