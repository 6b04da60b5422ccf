// The prompt of a comparison: typed, or one of those that fit its models.
import {html, live, nothing} from '../../components/html.js';
import {kindName} from '../../components/kinds.js';
import {count} from '../../components/numbers.js';
import {controlId, describedBy, isInvalid, problem} from './field.js';
import {linesOf} from './form_state.js';

/** @typedef {import('./choices.js').Choices} Choices */
/**
 * @typedef {object} Prompting
 * @property {string} prompt
 * @property {boolean} isByLine
 * @property {number} most prompts at once
 * @property {boolean} isTyped whether prompts may be typed
 * @property {Choices} choices
 * @property {import('./field.js').Problems} problems
 * @property {(prompt: string) => void} setPrompt
 * @property {(isByLine: boolean) => void} setByLine
 * @property {() => void} run
 */

const TYPED = 'Shift and Enter start a new line.';
const CHOSEN = 'Choose a prompt from the list: in a demo none is typed.';
const UNSCORED = 'Typed prompts get no gold score by themselves.';
/** @type {Record<string, string>} */
const NOTES = {
  'held out': 'Held out of this run’s own data: it was not trained on.',
  training: 'From this run’s own training data; nothing was held out.',
};
/** @type {Record<string, string>} */
const LISTS = {suite: 'From the suite', 'held out': 'Held-out prompts', training: 'Training prompts'};

/** @param {Prompting} prompting */
function note({prompt, choices, isTyped}) {
  const item = choices.itemOf(prompt);
  if (!item && !isTyped) return CHOSEN;
  if (!item) return choices.offer.source === 'suite' ? `${UNSCORED} ${TYPED}` : TYPED;
  if (item.id) return `Suite, held out, kind: ${kindName(item.kind).toLowerCase()}. ${item.note}`;
  return NOTES[item.kind] ?? '';
}

/** What several lines are: one prompt, or one each. @param {Prompting} prompting */
function lines({prompt, isByLine, most, setByLine}) {
  const all = linesOf(prompt);
  if (all.length < 2) return nothing;
  const tooMany = isByLine && all.length > most ? ` ${most} are the most at once; take some away.` : '';
  return html`<label class="rl-lines"
    ><input
      type="checkbox"
      .checked=${live(isByLine)}
      @change=${(/** @type {{target: HTMLInputElement}} */ {target}) => setByLine(target.checked)}
    />
    Ask each of ${count(all.length, 'line')} as a prompt of its own.${tooMany}</label
  >`;
}

/** @param {Prompting} prompting */
function text({prompt, problems, isTyped, setPrompt, run}) {
  /** @param {KeyboardEvent} event */
  const onKey = event => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    run();
  };
  return html`<textarea
    class="rl-inp"
    rows="1"
    ?readonly=${!isTyped}
    id=${controlId('prompt')}
    aria-invalid=${isInvalid('prompt', problems)}
    aria-describedby=${describedBy('prompt', problems)}
    .value=${live(prompt)}
    @input=${(/** @type {{target: HTMLTextAreaElement}} */ {target}) => setPrompt(target.value)}
    @keydown=${onKey}
  ></textarea>`;
}

/** @param {Prompting} prompting */
function offered({choices, setPrompt}) {
  const {source} = choices.offer;
  if (source === 'none') return nothing;
  const pick = (/** @type {{target: HTMLSelectElement}} */ {target}) =>
    target.value && setPrompt(target.value);
  return html`<select
    class="rl-inp"
    id=${controlId('suite')}
    aria-label=${source === 'suite' ? 'Prompt from the suite' : LISTS[source]}
    .value=${live('')}
    @change=${pick}
  >
    <option value="">${LISTS[source]}</option>
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
  choices.offer.source === 'suite'
    ? html`<div class="rl-tries">
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
      </div>`
    : nothing;

/** @param {Prompting} prompting */
export const promptField = prompting =>
  html`<div class="rl-fld rl-fld-prompt">
    <label for=${controlId('prompt')}>Prompt</label>
    <div class=${`rl-prompt-row ${prompting.choices.offer.source === 'none' ? 'alone' : ''}`}>
      ${text(prompting)}${offered(prompting)}
    </div>
    ${problem('prompt', prompting.problems)}
    <div class="rl-help"><span>${note(prompting)}</span></div>
    ${lines(prompting)} ${tries(prompting)}
  </div>`;
