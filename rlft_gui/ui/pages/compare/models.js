// The models to compare, as chips with their checkpoint, and a list to add one from.
import {button} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, live, nothing, repeat} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {endpointLabel, endpointParts} from './endpoints.js';
import {problem} from './field.js';

/** @typedef {import('./choices.js').Choices} Choices */
/** @typedef {(models: string[]) => void} Choose */
/** @typedef {{name: string, url: string, problem: string}} Typing an endpoint that is being typed */
/**
 * @typedef {object} Adding
 * @property {string[]} known endpoints that were added before
 * @property {string[]} leftOut endpoints of a link, which a person may add
 * @property {Typing | null} typing
 * @property {(typing: Typing | null) => void} type
 * @property {() => void} add what was typed
 */

const BY_ADDRESS = 'by address';

/**
 * Leave the focus beside what was removed: on the chip that took its place, else the last one, else the list.
 * Without that the next Tab would begin at the top of the page.
 * @param {Element} row @param {number} place
 */
function focusNear(row, place) {
  const buttons = row.querySelectorAll('.rl-chip > button');
  const near = buttons[Math.min(place, buttons.length - 1)] ?? row.querySelector('select');
  /** @type {HTMLElement | null} */ (near)?.focus();
}

/**
 * Which checkpoint of a run answers.
 * @param {string} model
 * @param {Choices} choices
 * @param {(model: string) => void} become
 */
function stepChoice(model, choices, become) {
  const steps = choices.stepsOf(model);
  if (steps.length < 2) return nothing;
  const [run, step] = model.split('@');
  const onChange = (/** @type {{target: HTMLSelectElement}} */ {target}) =>
    become(target.value ? `${run}@${target.value}` : run);
  return html`<select
    class="rl-step"
    aria-label=${`Checkpoint of ${choices.label(run, [])}`}
    .value=${live(step ?? '')}
    @change=${onChange}
  >
    <option value="">last, step ${steps.at(-1)}</option>
    ${[...steps].reverse().map(one => html`<option value=${one}>step ${one}</option>`)}
  </select>`;
}

/** @param {string} model @param {string[]} models @param {Choices} choices @param {Choose} choose */
function chip(model, models, choices, choose) {
  const label = choices.label(model, models);
  const hasSteps = choices.stepsOf(model).length > 1;
  const shown = hasSteps ? choices.label(model.split('@')[0], models) : label;
  const remove = (/** @type {{currentTarget: HTMLElement}} */ {currentTarget}) => {
    const row = /** @type {Element} */ (currentTarget.closest('.rl-row'));
    choose(models.filter(other => other !== model));
    focusNear(row, models.indexOf(model));
  };
  const become = (/** @type {string} */ other) => choose(models.map(one => (one === model ? other : one)));
  return html`<span class="rl-chip"
    ><span class="rl-meth">${glyph(choices.runOf(model)?.palette ?? 'base')}${shown}</span
    >${stepChoice(model, choices, become)}<button
      type="button"
      aria-label=${`Remove ${label}`}
      @click=${remove}
    >
      ${icon('x')}
    </button></span
  >`;
}

/** @param {string} title @param {[string, string][]} options */
const group = (title, options) =>
  options.length
    ? html`<optgroup label=${title}>
        ${repeat(
          options,
          ([model]) => model,
          ([model, words]) => html`<option value=${model}>${words}</option>`,
        )}
      </optgroup>`
    : nothing;

/** @param {string[]} models @param {Choices} choices @param {Choose} choose @param {Adding} adding */
function adder(models, choices, choose, {known, type}) {
  const add = (/** @type {{target: HTMLSelectElement}} */ {target}) => {
    if (target.value === BY_ADDRESS) type({name: '', url: '', problem: ''});
    else choose(choices.joined(models, target.value));
  };
  const endpoints = known.filter(model => !models.includes(model));
  return html`<select
    class="rl-chip rl-add"
    id="compare-add"
    aria-label="Add a model"
    .value=${live('')}
    @change=${add}
  >
    <option value="">Add a model</option>
    ${group('Runs', choices.addableRuns(models))} ${group('Bases', choices.addableBases(models))}
    ${group('Behind an address', [
      ...endpoints.map(model => /** @type {[string, string]} */ ([model, endpointLabel(model)])),
      [BY_ADDRESS, 'Another model behind an address'],
    ])}
  </select>`;
}

/** Into the fields, where the address is read before it is added. @param {Adding} adding */
export const leftOutButtons = ({leftOut, typing, type}) =>
  leftOut.length && !typing
    ? html`<div class="rl-row rl-wrap rl-left-out">
        ${leftOut.map(model =>
          button(`Add ${endpointLabel(model)}…`, () => type({...endpointParts(model), problem: ''}), {
            kind: 'sm',
          }),
        )}
      </div>`
    : nothing;

/** @param {Adding} adding */
function endpointForm({typing, type, add}) {
  if (!typing) return nothing;
  /** @param {'name' | 'url'} key @param {string} label @param {string} example */
  const field = (key, label, example) => {
    const onInput = (/** @type {{target: HTMLInputElement}} */ {target}) =>
      type({...typing, [key]: target.value});
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      add();
    };
    return html`<div class="rl-fld">
      <label for=${`compare-endpoint-${key}`}>${label}</label
      ><input
        class="rl-inp"
        id=${`compare-endpoint-${key}`}
        autocomplete="off"
        spellcheck="false"
        placeholder=${example}
        .value=${live(typing[key])}
        @input=${onInput}
        @keydown=${onKey}
      />
    </div>`;
  };
  return html`<div class="rl-endpoint" role="group" aria-label="A model behind an address">
    ${field('name', 'Model', 'llama3')}${field('url', 'Address', 'http://127.0.0.1:11434/v1')}
    <div class="rl-row rl-endpoint-acts">
      ${button('Add', add, {kind: 'sm'})}${button('Cancel', () => type(null), {kind: 'sm'})}
    </div>
    ${problem('endpoint', {endpoint: typing.problem})}
    <p class="rl-help">
      Any server that speaks OpenAI’s protocol. What is asked is sent there, with the key in
      RLFT_JUDGE_API_KEY if the app has one.
    </p>
  </div>`;
}

/**
 * @param {string[]} models
 * @param {Choices} choices
 * @param {Choose} choose
 * @param {Adding} adding
 */
export const modelChips = (models, choices, choose, adding) =>
  html`<div class="rl-row rl-wrap">
      ${repeat(
        models,
        model => model,
        model => chip(model, models, choices, choose),
      )}${adder(models, choices, choose, adding)}
    </div>
    ${endpointForm(adding)}`;
