// What the address line keeps of a comparison, and what it asks for.

/**
 * Whose words an answer's are marked against: nobody's, the base's, the first pane's, or those of the pane
 * of this number ("pane 2").
 * @typedef {'off' | 'base' | 'left' | `pane ${number}`} Against
 */
/** @typedef {'steps' | 'panes'} Show checkpoints of one run over their steps, or side by side */
/**
 * @typedef {object} Wish
 * @property {string} comparison
 * @property {string[]} models
 * @property {string} film a run, all of whose checkpoints are asked
 * @property {string | null} prompt null where the address says nothing of it
 * @property {Against} against
 * @property {Show | null} show
 */

/** @type {[Against, string][]} */
export const AGAINST = [
  ['off', 'Off'],
  ['base', 'Base'],
  ['left', 'Left pane'],
];
/** @type {Against} */
const USUAL = 'base';

/** @param {string | null} word @returns {Against} */
function againstIn(word) {
  const known = AGAINST.map(([key]) => key).find(key => key === word);
  if (known) return known;
  return word && /^pane \d+$/.test(word) ? /** @type {Against} */ (word) : USUAL;
}

/** @param {string | null} word @returns {Show | null} */
const showIn = word => (word === 'steps' || word === 'panes' ? word : null);

/**
 * @param {URLSearchParams} words
 * @returns {Wish}
 */
export const wishIn = words => ({
  comparison: words.get('comparison') ?? '',
  models: (words.get('models') ?? '').split(',').filter(Boolean),
  film: words.get('steps') ?? '',
  prompt: words.get('prompt'),
  against: againstIn(words.get('mark')),
  show: showIn(words.get('show')),
});

/**
 * Whether to answer at once. A link of our own that names models alone, as those of runs do, asks for it.
 * From elsewhere nothing starts by opening a page, and whoever changed the form has a prompt in the address.
 * @param {URLSearchParams} words
 * @param {string} referrer
 * @param {string} origin
 */
export const isAskedByOurs = (words, referrer, origin) =>
  (words.has('models') || words.has('steps')) && !words.has('prompt') && referrer.startsWith(`${origin}/`);

/** @param {{models: string[], prompt: string}} form @param {string | null} comparison */
export const addressed = ({models, prompt}, comparison) => ({
  models: models.join(','),
  steps: null,
  prompt,
  comparison,
});

/** @param {Against} against */
export const addressedMark = against => ({mark: against === USUAL ? null : against});
