// The second step: method cards as native radios, the table that helps to choose, and what the choice
// unfolds into.
import {remember} from '../../components/address.js';
import {card, note} from '../../components/blocks.js';
import {call, sentence} from '../../components/call.js';
import {valueOf} from '../../components/controls/typed.js';
import {html, nothing, render} from '../../components/html.js';
import {spelled} from '../../components/numbers.js';
import {plan as planOf} from '../../components/plan.js';
import {holder} from './held.js';
import {methodBoxes} from './method_boxes.js';
import {methodCards} from './method_cards.js';
import {choiceOf, skipping} from './method_choice.js';
import {methodGuide} from './method_guide.js';
import {methodOptions} from './method_options.js';

/** @typedef {import('../../components/controls/types').FormField} FormField */
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
 * @property {(method: string) => void} choose
 * @property {(option: FormField, typed: Typed) => void} change
 * @property {(stage: string, isIn: boolean) => void} include
 * @property {(isOn: boolean) => void} pause
 */

/** @param {string} title @param {number} stages */
function heading(title, stages) {
  const count = stages < 10 ? spelled(stages).toLowerCase() : stages;
  return `${title}: ${count} ${stages === 1 ? 'stage' : 'stages'}`;
}

/** @param {State} state @param {Acts} acts */
function unfolds({step, unfolded, typed, problem}, acts) {
  if (problem) return note('bad', 'The stages of this choice cannot be shown', problem);
  const method = step.methods.find(({name}) => name === unfolded);
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

/** @param {State} state @param {Acts} acts */
function view(state, acts) {
  const stages = unfolds(state, acts);
  return html`<div class="rl-method-cols">
    ${methodCards(state.step.methods, state.step.method, acts.choose)}
    <div class="rl-beside rl-stack">
      <div aria-live="polite">${stages}</div>
      ${methodGuide(state.step.methods)}
    </div>
  </div>`;
}

/** @param {MethodStep} step @returns {State} */
const opened = step => ({step, unfolded: step.method, typed: {}, problem: ''});

/** @param {import('../../components/mount.js').Part & {data: MethodStep}} part */
export default function start({root, props, trigger, server, data}) {
  let state = opened(data);
  let asked = 0;
  const held = holder({props, trigger});

  /** @type {Acts} */
  const acts = {
    choose: name => {
      const method = state.step.methods.find(candidate => candidate.name === name);
      if (method) keep(choiceOf(method, state.step.continued), {});
    },
    change: (option, typed) =>
      keep(
        {options: {...state.step.options, [option.name]: valueOf(option, typed)}},
        {...state.typed, [option.name]: typed},
      ),
    include: (stage, isIn) => keep({skip: skipping(state.step.skip, stage, isIn)}),
    pause: review => keep({review}),
  };
  const draw = () => render(view(state, acts), root);

  /** @param {Partial<MethodStep>} changes @param {State['typed']} [typed] */
  function keep(changes, typed = state.typed) {
    state = {...state, typed, step: {...state.step, ...changes}};
    hold();
    draw();
    unfold();
  }
  function hold() {
    remember({method: state.step.method});
    held.hold(state.step);
  }
  /** Python says what a choice unfolds into; the newest answer counts. */
  async function unfold() {
    const mine = (asked += 1);
    const {method, options, skip, review, continued} = state.step;
    try {
      const found = await call(server.unfold, {method, options, skip, review, continued});
      if (mine !== asked) return;
      state = {...state, unfolded: found.method, problem: '', step: {...state.step, ...found}};
      hold();
    } catch (error) {
      if (mine !== asked) return;
      state = {...state, problem: sentence(error)};
    }
    draw();
  }

  draw();
  return (/** @type {MethodStep | null} */ step) => {
    if (!step || held.isOwn()) return;
    state = opened(step);
    draw();
  };
}
