// The form of Compare: models as chips, a prompt, how to sample, and one button.
import {html, live} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {unique} from './form_state.js';
import {controlId, problem, samplingField} from './field.js';
import {leftOutButtons, modelChips} from './models.js';
import {promptField} from './prompt.js';

/** @typedef {import('./form_state.js').FormState} FormState */
/** @typedef {import('../../payloads').SamplingField} SamplingField */
/**
 * @typedef {object} FormView
 * @property {FormState} form
 * @property {import('./choices.js').Choices} choices
 * @property {SamplingField[]} fields
 * @property {number} most prompts at once
 * @property {boolean} isTyped whether prompts may be typed
 * @property {import('./field.js').Problems} problems
 * @property {boolean} isBusy while answers are on their way
 * @property {import('./models.js').Adding} adding
 * @property {boolean} isMore whether the settings that are rarely changed are open
 * @property {(isMore: boolean) => void} showMore
 * @property {(changes: Partial<FormState>) => void} change
 * @property {() => void} run
 * @property {() => void} stop
 */

/** @param {FormView} view */
const models = ({form, choices, problems, change, adding}) =>
  html`<div role="group" aria-label="Models">
    <span class="rl-lab" id=${controlId('models')}>Models</span>
    ${modelChips(form.models, choices, chosen => change({models: unique(chosen)}), adding)}
    ${problem('models', problems)}${leftOutButtons(adding)}
  </div>`;

/** @param {FormView} view */
const buttons = ({isBusy, stop}) =>
  html`<div class="rl-go">
    <button type="submit" class="rl-btn primary" id=${controlId('run')} ?hidden=${isBusy}>Run</button
    ><button type="button" class="rl-btn danger" id=${controlId('stop')} ?hidden=${!isBusy} @click=${stop}>
      ${icon('stop')}Stop
    </button>
  </div>`;

/** @param {FormView} view @param {SamplingField[]} fields */
const settings = ({form, problems, change}, fields) =>
  fields.map(field =>
    samplingField(field, form.typed[field.name], problems, typed =>
      change({typed: {...form.typed, [field.name]: typed}}),
    ),
  );

/** @param {FormView} view */
function row(view) {
  const {form, choices, fields, problems, change, run, most, isTyped} = view;
  const prompting = {
    prompt: form.prompt,
    isByLine: form.isByLine,
    most,
    isTyped,
    choices,
    problems,
    run,
    setPrompt: (/** @type {string} */ prompt) => change({prompt}),
    setByLine: (/** @type {boolean} */ isByLine) => change({isByLine}),
  };
  return html`<div class="rl-ask-row">
    ${promptField(prompting)}
    ${settings(
      view,
      fields.filter(({more}) => !more),
    )}
    ${buttons(view)}
  </div>`;
}

/** In words, what stands there that is not usual. @param {FormView} view @param {SamplingField[]} fields */
function changed({form}, fields) {
  const others = fields.filter(({name, default: usual}) => form.typed[name] !== String(usual));
  const said = others.map(({name, title, kind}) =>
    kind === 'text' ? title.toLowerCase() : `${title.toLowerCase()} ${form.typed[name]}`,
  );
  return said.length ? `: ${said.join(', ')}` : '';
}

/** @param {FormView} view */
function more(view) {
  const fields = view.fields.filter(field => field.more);
  const onToggle = (/** @type {{currentTarget: HTMLDetailsElement}} */ {currentTarget}) =>
    view.showMore(currentTarget.open);
  const isWrong = fields.some(({name}) => view.problems[name]);
  return html`<details class="rl-more-settings" ?open=${live(view.isMore || isWrong)} @toggle=${onToggle}>
    <summary>More settings${view.isMore ? '' : changed(view, fields)}</summary>
    <div class="rl-more-row">${settings(view, fields)}</div>
  </details>`;
}

/** @param {FormView} view */
export function compareForm(view) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    view.run();
  };
  return html`<form class="rl-card" novalidate @submit=${submit}>
    <div class="rl-cb rl-stack">
      ${models(view)} ${row(view)} ${more(view)}
      <div class="rl-errs">${view.fields.map(({name}) => problem(name, view.problems))}</div>
    </div>
  </form>`;
}
