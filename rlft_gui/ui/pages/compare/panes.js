// The panes of a comparison side by side, prompt by prompt.
import {html, nothing} from '../../components/html.js';
import {answersTo, referenceOf} from './pane_words.js';
import {paneView} from './pane.js';

/** @typedef {import('../../payloads').ComparisonView} ComparisonView */
/** @typedef {import('./query.js').Against} Against */

const MOST_COLUMNS = 4;

/**
 * @param {ComparisonView} view
 * @param {Against} against
 */
export const panes = ({comparison, criteria}, against) =>
  comparison.prompts.map((prompt, index) => {
    const answers = answersTo(comparison, index);
    const title = comparison.prompts.length > 1 ? html`<h2 class="rl-prompt">${prompt}</h2>` : nothing;
    return html`<section>
      ${title}
      <div class="rl-panes" style=${`--n:${Math.min(answers.length, MOST_COLUMNS)}`}>
        ${answers.map(own => paneView(own, referenceOf(answers, own, against), criteria[index] ?? []))}
      </div>
    </section>`;
  });

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
