// The panes of a comparison side by side, prompt by prompt or turn by turn.
import {html, nothing} from '../../components/html.js';
import {nextSeeds} from './draws.js';
import {answersTo, goesOnFrom, openingOf, referenceOf} from './pane_words.js';
import {paneView} from './pane.js';
import {shownScores} from './score_words.js';

/** @typedef {import('../../payloads').ComparisonView} ComparisonView */
/** @typedef {import('./pane_words.js').Answered} Answered */
/** @typedef {import('./query.js').Against} Against */
/**
 * @typedef {object} PanesView
 * @property {ComparisonView} shown
 * @property {Against} against
 * @property {import('./draws.js').Shown} draws
 * @property {boolean} isBusy
 * @property {(answered: Answered) => void} again
 * @property {(answered: Answered, by: 1 | -1) => void} stepDraw
 * @property {(against: Against) => void} markAgainst
 */

const MOST_COLUMNS = 4;

/** The number of a pane, counted as people do. @param {Answered} answered @returns {Against} */
const asReference = ({answer}) => `pane ${answer.pane + 1}`;

/** @param {PanesView} view @param {number} turn */
function actsIn({shown, against, isBusy, again, stepDraw, markAgainst}, turn) {
  const {chat, prompts} = shown.comparison;
  return (/** @type {Answered} */ own) => {
    const isMarked = against === asReference(own);
    return {
      isBusy,
      isLast: !chat || turn === prompts.length - 1,
      next: nextSeeds(shown.comparison),
      again,
      step: stepDraw,
      isMarked,
      mark: () => markAgainst(isMarked ? 'off' : asReference(own)),
    };
  };
}

/** @param {ComparisonView['comparison']} comparison @param {number} turn @param {string} prompt */
function heading({chat, prompts}, turn, prompt) {
  if (prompts.length < 2) return nothing;
  return html`<div class="rl-turn">
    ${chat ? html`<span class="rl-k">Turn ${turn + 1}</span>` : nothing}
    <h2 class="rl-prompt">${prompt}</h2>
  </div>`;
}

/** @param {PanesView} view */
export const panes = view => {
  const {shown, against, draws} = view;
  const {comparison} = shown;
  return comparison.prompts.map((prompt, turn) => {
    const answers = answersTo(comparison, turn, draws);
    const opening = openingOf(answers);
    const scores = shownScores(shown, turn, answers);
    const acts = actsIn(view, turn);
    return html`<section>
      ${heading(comparison, turn, prompt)}
      <div class="rl-panes" style=${`--n:${Math.min(answers.length, MOST_COLUMNS)}`}>
        ${answers.map(own =>
          paneView(own, {
            other: referenceOf(answers, own, against),
            opening,
            scores,
            from: goesOnFrom(comparison, own, draws),
            acts: acts(own),
          }),
        )}
      </div>
    </section>`;
  });
};

/**
 * Shows the newest words of answers that are being written.
 * @param {HTMLElement} root
 */
export function scrollToNewest(root) {
  for (const caret of root.querySelectorAll('.rl-ans > .rl-caret')) {
    const answer = /** @type {HTMLElement} */ (caret.parentElement);
    answer.scrollTop = answer.scrollHeight;
  }
}
