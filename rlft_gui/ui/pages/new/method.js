// The second step: method cards as native radios, the table that helps to choose, and what the choice
// unfolds into.
import {remember} from '../../components/address.js';
import {call, sentence} from '../../components/call.js';
import {valueOf} from '../../components/controls/typed.js';
import {html, render} from '../../components/html.js';
import {holder} from './held.js';
import {methodCards} from './method_cards.js';
import {choiceOf, skipping} from './method_choice.js';
import {methodGuide} from './method_guide.js';
import {methodStages} from './method_stages.js';

/** @typedef {import('../../payloads').MethodStep} MethodStep */
/** @typedef {import('./method_stages.js').State} State */
/** @typedef {import('./method_stages.js').Acts} StageActs */

/** @typedef {StageActs & {choose: (method: string) => void}} Acts */

/** @param {State} state @param {Acts} acts */
const view = (state, acts) =>
  html`<div class="rl-method-cols">
    ${methodCards(state.step.methods, state.step.method, acts.choose)}
    <div class="rl-beside rl-stack">${methodStages(state, acts)} ${methodGuide(state.step.methods)}</div>
  </div>`;

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
