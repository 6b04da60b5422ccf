// What a method unfolds into: its own options, the stages in order, and what may be left out.
import {card, note} from '../../components/blocks.js';
import {html, nothing} from '../../components/html.js';
import {spelled} from '../../components/numbers.js';
import {plan as planOf} from '../../components/plan.js';
import {methodBoxes} from './method_boxes.js';
import {methodOptions} from './method_options.js';

/** @typedef {import('../../components/controls/typed.js').FormField} FormField */
/** @typedef {import('../../components/controls/typed.js').Typed} Typed */
/** @typedef {import('../../payloads').MethodStep} MethodStep */

/**
 * @typedef {object} State
 * @property {MethodStep} step what is chosen, and what an earlier choice unfolded into
 * @property {string} unfolded the method that `step.plan` is of: behind the choice until Python has answered
 * @property {Record<string, Typed>} typed by option
 * @property {string} problem why there is no plan
 */

/**
 * @typedef {object} Acts
 * @property {(option: FormField, typed: Typed) => void} change
 * @property {(stage: string, isIn: boolean) => void} include
 * @property {(isOn: boolean) => void} pause
 */

/**
 * In a place of its own, which says what changes in it.
 * @param {State} state
 * @param {Acts} acts
 */
export function methodStages(state, acts) {
  const stages = unfolded(state, acts);
  return html`<div aria-live="polite">${stages}</div>`;
}

/** @param {string} title @param {number} stages */
function heading(title, stages) {
  const count = stages < 10 ? spelled(stages).toLowerCase() : stages;
  return `${title}: ${count} ${stages === 1 ? 'stage' : 'stages'}`;
}

/** @param {State} state @param {Acts} acts */
function unfolded({step, unfolded: name, typed, problem}, acts) {
  if (problem) return note('bad', 'The stages of this choice cannot be shown', problem);
  const method = step.methods.find(method => method.name === name);
  const {plan} = step;
  if (!method || !plan) return nothing;
  const options = {method: method.name, plan, typed, changed: acts.change};
  return card(
    {title: heading(method.title, plan.stages.length), id: 'method-stages'},
    html`<div class="rl-cb rl-stack">
      ${plan.options.length ? methodOptions(options) : nothing}
      <div>${planOf(plan.stages)}</div>
      ${methodBoxes(plan, step, acts)}
    </div>`,
  );
}
