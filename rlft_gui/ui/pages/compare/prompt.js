// The prompt of a comparison: typed, or one of the suite's.
import {html, live} from '../../components/html.js';
import {kindName} from './choices.js';
import {controlId, describedBy, isInvalid, problem} from './field.js';

/** @typedef {import('./choices.js').Choices} Choices */
/**
 * @typedef {object} Prompting
 * @property {string} prompt
 * @property {Choices} choices
 * @property {import('./field.js').Problems} problems
 * @property {(prompt: string) => void} setPrompt
 * @property {() => void} run
 */

const TYPED = 'Typed prompts have no gold score. Shift and Enter start a new line.';

/** @param {Prompting} prompting */
function note({prompt, choices}) {
  const item = choices.itemOf(prompt);
  return item ? `Suite, held out, kind: ${kindName(item.kind).toLowerCase()}. ${item.note}` : TYPED;
}

/** @param {Prompting} prompting */
function text({prompt, problems, setPrompt, run}) {
  /** @param {KeyboardEvent} event */
  const onKey = event => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    run();
  };
  return html`<textarea
    class="rl-inp"
    rows="1"
    id=${controlId('prompt')}
    aria-invalid=${isInvalid('prompt', problems)}
    aria-describedby=${describedBy('prompt', problems)}
    .value=${live(prompt)}
    @input=${(/** @type {{target: HTMLTextAreaElement}} */ {target}) => setPrompt(target.value)}
    @keydown=${onKey}
  ></textarea>`;
}

/** @param {Prompting} prompting */
function suite({choices, setPrompt}) {
  const pick = (/** @type {{target: HTMLSelectElement}} */ {target}) =>
    target.value && setPrompt(target.value);
  return html`<select
    class="rl-inp"
    id=${controlId('suite')}
    aria-label="Prompt from the suite"
    .value=${live('')}
    @change=${pick}
  >
    <option value="">From the suite</option>
    ${choices.kinds.map(
      kind =>
        html`<optgroup label=${kindName(kind)}>
          ${choices.ofKind(kind).map(({prompt}) => html`<option value=${prompt}>${prompt}</option>`)}
        </optgroup>`,
    )}
  </select>`;
}

/** @param {Prompting} prompting */
const tries = ({prompt, choices, setPrompt}) =>
  html`<div class="rl-tries">
    <span class="rl-k">Try</span>
    ${choices.kinds.map(
      kind =>
        html`<button
          type="button"
          class="rl-link"
          @click=${() => setPrompt(choices.nextOfKind(kind, prompt))}
        >
          ${kindName(kind)}
        </button>`,
    )}
  </div>`;

/** @param {Prompting} prompting */
export const promptField = prompting =>
  html`<div class="rl-fld rl-fld-prompt">
    <label for=${controlId('prompt')}>Prompt</label>
    <div class="rl-prompt-row">${text(prompting)}${suite(prompting)}</div>
    ${problem('prompt', prompting.problems)}
    <div class="rl-help"><span>${note(prompting)}</span></div>
    ${tries(prompting)}
  </div>`;
