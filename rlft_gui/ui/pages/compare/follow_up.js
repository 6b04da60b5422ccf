// The next prompt of the conversation, asked in all panes at once.
import {html, live, nothing} from '../../components/html.js';
import {controlId, describedBy, isInvalid, problem} from './field.js';

/** @typedef {import('../../payloads').Comparison} Comparison */
/**
 * @typedef {object} FollowUp
 * @property {string} text
 * @property {boolean} isBusy
 * @property {import('./field.js').Problems} problems
 * @property {(text: string) => void} type
 * @property {() => void} ask
 */

/** Whether there is one conversation to go on with. @param {Comparison} comparison */
export const canFollow = ({chat, prompts}) => chat || prompts.length === 1;

/** @param {FollowUp} state */
export function followUp({text, isBusy, problems, type, ask}) {
  /** @param {KeyboardEvent} event */
  const onKey = event => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    ask();
  };
  return html`<div class="rl-follow">
    <div class="rl-fld">
      <label for=${controlId('follow')}>Go on, in all panes</label>
      <textarea
        class="rl-inp"
        rows="1"
        id=${controlId('follow')}
        aria-invalid=${isInvalid('follow', problems)}
        aria-describedby=${describedBy('follow', problems)}
        .value=${live(text)}
        @input=${(/** @type {{target: HTMLTextAreaElement}} */ {target}) => type(target.value)}
        @keydown=${onKey}
      ></textarea>
      ${problem('follow', problems)}
      <p class="rl-help">
        Each pane goes on from its own answers.${isBusy ? ' Wait until all have answered.' : nothing}
      </p>
    </div>
    <button type="button" class="rl-btn" ?disabled=${isBusy} @click=${ask}>Ask all</button>
  </div>`;
}
