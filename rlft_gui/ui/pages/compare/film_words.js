// What the time machine says of a step, and what it lays beside it.

/** @typedef {import('./pane_words.js').Answered} Answered */
/** @typedef {'off' | 'before' | 'first'} Before whose words an answer's are marked against */

const MANY = 3; // checkpoints of a run, from which on a slider says more than panes

/** @param {number | null} step null: what the run began with */
export const stepName = step => (step === null ? 'Start' : `Step ${step}`);

/**
 * Where among all steps the one is that `stepName` names.
 * @param {(number | null)[]} steps
 * @param {number} at
 */
export const placeAmong = (steps, at) => `${steps[at] === null ? ', step 0' : ''} of ${steps.at(-1) ?? 0}`;

/**
 * The text of what stands before the one that is looked at; null for none.
 * @param {Answered[]} all
 * @param {number} at
 * @param {Before} before
 */
export function inFront(all, at, before) {
  if (before === 'off' || at === 0) return null;
  return all[before === 'first' ? 0 : at - 1].answer.text;
}

/** How many different answers there are. @param {Answered[]} all */
export function isRead(all) {
  const done = all.filter(({answer}) => answer.status === 'done');
  if (done.length < all.length) return `${done.length} of ${all.length} answers are complete.`;
  const changes = done.filter(({answer}, i) => i > 0 && answer.text !== done[i - 1].answer.text).length;
  if (!changes) return 'The answer never changed.';
  return `The answer changed ${changes === 1 ? 'once' : `${changes} times`}.`;
}

/**
 * How checkpoints of one run are shown where nobody has chosen.
 * @param {import('../../payloads').FilmFacts} film
 * @returns {'steps' | 'panes'}
 */
export const usualShow = ({steps}) =>
  steps.filter(step => step !== null).length >= MANY ? 'steps' : 'panes';
