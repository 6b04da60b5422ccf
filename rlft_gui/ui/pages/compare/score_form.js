// The ways to score the answers that are shown: each with its own button, and what is wrong with it below.
import {link} from '../../components/button.js';
import {html, live} from '../../components/html.js';
import {judgeFields, problem, rulesField} from '../../components/scorers/fields.js';

/** @typedef {import('../../components/html.js').View} View */
/** @typedef {import('./score_with.js').ScoreWith} ScoreWith */
/** @typedef {import('./score_with.js').Way} Way */

const NORMALISED = '0 is an average answer of its own held-out data, 1 is one deviation better.';
const NO_MODEL = 'No run has trained a reward model yet. RLHF trains one.';

/** @param {import('../../payloads').ComingModel[]} coming */
const noModel = ([next]) =>
  next
    ? html`A reward model is on its way: ${link(`/run?run=${encodeURIComponent(next.id)}`, next.title)}. Open
      this again once it has saved its first checkpoint.`
    : NO_MODEL;

/**
 * @param {Way} way
 * @param {string} words of its button
 * @param {() => Promise<void>} ask
 * @param {View} fields
 * @param {ScoreWith} scoreWith
 */
function form(way, words, ask, fields, {asking}) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void ask();
  };
  const isAsking = asking === way;
  return html`<form novalidate aria-busy=${String(isAsking)} @submit=${submit}>
    ${fields}
    <button type="submit" class="rl-btn sm" ?disabled=${asking !== null}>
      ${isAsking ? 'Scoring…' : words}
    </button>
  </form>`;
}

/** @param {ScoreWith} scoreWith */
function models(scoreWith) {
  const {choices, model, choose, problems} = scoreWith;
  if (!choices?.models.length)
    return html`<div class="rl-fld">
      <span class="rl-lab">Reward model</span>
      <div class="rl-help">${noModel(choices?.coming ?? [])}</div>
    </div>`;
  const fields = html`<div class="rl-fld">
    <label for="score-model">Reward model</label>
    <select
      class="rl-inp"
      id="score-model"
      aria-describedby="score-model-help score-model-problem"
      .value=${live(model)}
      @change=${(/** @type {{target: HTMLSelectElement}} */ {target}) => choose(target.value)}
    >
      ${choices.models.map(
        ({id, title, step}) =>
          html`<option value=${id} ?selected=${id === model}>${title}, step ${step} (${id})</option>`,
      )}
    </select>
    ${problem('model', problems)}
    <div class="rl-help" id="score-model-help">${NORMALISED}</div>
  </div>`;
  return form('model', 'Score with this model', scoreWith.byModel, fields, scoreWith);
}

/** @param {ScoreWith} scoreWith @param {boolean} knowsGold */
export const scoreForm = (scoreWith, knowsGold) =>
  html`<div class="rl-cb rl-score-ways">
    ${models(scoreWith)}
    ${form(
      'terms',
      'Score by these rules',
      scoreWith.byRules,
      rulesField(scoreWith, {title: 'Rules', knowsGold}),
      scoreWith,
    )}
    ${form('judge', 'Ask this judge', scoreWith.byJudge, judgeFields(scoreWith), scoreWith)}
  </div>`;
