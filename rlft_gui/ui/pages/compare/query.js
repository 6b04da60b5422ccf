// What the address line keeps of a comparison, and what it asks for.

/** @typedef {'off' | 'base' | 'left'} Against whose words an answer's are marked against */
/** @typedef {{comparison: string, models: string[], prompt: string | null, against: Against}} Wish */

/** @type {[Against, string][]} */
export const AGAINST = [
  ['off', 'Off'],
  ['base', 'Base'],
  ['left', 'Left pane'],
];
/** @type {Against} */
const USUAL = 'base';

/**
 * `prompt` is null where the address says nothing of it.
 * @param {URLSearchParams} words
 * @returns {Wish}
 */
export const wishIn = words => ({
  comparison: words.get('comparison') ?? '',
  models: (words.get('models') ?? '').split(',').filter(Boolean),
  prompt: words.get('prompt'),
  against: AGAINST.map(([key]) => key).find(key => key === words.get('mark')) ?? USUAL,
});

/**
 * Whether to answer at once. A link of our own that names models alone, as those of runs do, asks for it.
 * From
 * elsewhere nothing starts by opening a page, and whoever changed the form has a prompt in the address.
 * @param {URLSearchParams} words
 * @param {string} referrer
 * @param {string} origin
 */
export const isAskedByOurs = (words, referrer, origin) =>
  words.has('models') && !words.has('prompt') && referrer.startsWith(`${origin}/`);

/** @param {{models: string[], prompt: string}} form @param {string | null} comparison */
export const addressed = ({models, prompt}, comparison) => ({models: models.join(','), prompt, comparison});

/** @param {Against} against */
export const addressedMark = against => ({mark: against === USUAL ? null : against});
