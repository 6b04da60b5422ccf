// The form of Compare: models as chips, a prompt typed or from the suite, how to sample, and one button.
import {html} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {unique} from './form_state.js';
import {controlId, problem, samplingField} from './field.js';
import {modelChips} from './models.js';
import {promptField} from './prompt.js';

/** @typedef {import('./form_state.js').FormState} FormState */
/** @typedef {import('../../payloads').SamplingField} SamplingField */
/**
 * @typedef {object} FormView
 * @property {FormState} form
 * @property {import('./choices.js').Choices} choices
 * @property {SamplingField[]} fields
 * @property {import('./field.js').Problems} problems
 * @property {boolean} isBusy while answers are on their way
 * @property {(changes: Partial<FormState>) => void} change
 * @property {() => void} run
 * @property {() => void} stop
 */

/** @param {FormView} view */
const models = ({form, choices, problems, change}) =>
  html`<div role="group" aria-label="Models">
    <span class="rl-lab" id=${controlId('models')}>Models</span>
    ${modelChips(form.models, choices, chosen => change({models: unique(chosen)}))}
    ${problem('models', problems)}
  </div>`;

/** @param {FormView} view */
const buttons = ({isBusy, stop}) =>
  html`<div class="rl-go">
    <button type="submit" class="rl-btn primary" id=${controlId('run')} ?hidden=${isBusy}>Run</button
    ><button type="button" class="rl-btn danger" id=${controlId('stop')} ?hidden=${!isBusy} @click=${stop}>
      ${icon('stop')}Stop
    </button>
  </div>`;

/** @param {FormView} view */
function row(view) {
  const {form, choices, fields, problems, change, run} = view;
  const prompting = {
    prompt: form.prompt,
    choices,
    problems,
    run,
    setPrompt: (/** @type {string} */ prompt) => change({prompt}),
  };
  return html`<div class="rl-ask-row">
    ${promptField(prompting)}
    ${fields.map(field =>
      samplingField(field, form.typed[field.name], problems, typed =>
        change({typed: {...form.typed, [field.name]: typed}}),
      ),
    )}
    ${buttons(view)}
  </div>`;
}

/** @param {FormView} view */
export function compareForm(view) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    view.run();
  };
  return html`<form class="rl-card" novalidate @submit=${submit}>
    <div class="rl-cb rl-stack">
      ${models(view)} ${row(view)}
      <div class="rl-errs">${view.fields.map(({name}) => problem(name, view.problems))}</div>
    </div>
  </form>`;
}
