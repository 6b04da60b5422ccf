// What to score and with what: reward models as chips, a prompt with answers or a file, rules.
import {card} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, live, nothing, repeat} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {count} from '../../components/numbers.js';
import {area, judgeFields, problem, rulesField} from '../../components/scorers/fields.js';

/** @typedef {import('./scoring.js').Scoring} Scoring */
/** @typedef {import('../../payloads').ScoringModel} ScoringModel */

const SEVERAL = 'One, or several with a line of --- between them.';
const FILES = 'Any data file with answers: JSONL, CSV, Parquet. Each answer of a row is scored.';

/** @param {string} id @param {Scoring} scoring */
const modelOf = (id, {choices}) => choices?.models.find(model => model.id === id.split('@')[0]);

/** @param {string} id @param {Scoring} scoring */
export const titleOf = (id, scoring) => {
  const step = id.includes('@') ? `, step ${id.split('@')[1]}` : '';
  return `${modelOf(id, scoring)?.title ?? id}${step}`;
};

/** @param {string} id @param {Scoring} scoring */
function chip(id, scoring) {
  const title = titleOf(id, scoring);
  const remove = () => {
    scoring.choose(scoring.models.filter(other => other !== id));
    document.getElementById('score-add')?.focus();
  };
  return html`<span class="rl-chip"
    ><span class="rl-meth">${glyph(modelOf(id, scoring)?.palette ?? 'base')}${title}</span
    ><button type="button" aria-label=${`Remove ${title}`} @click=${remove}>${icon('x')}</button></span
  >`;
}

/** @param {Scoring} scoring */
function models(scoring) {
  const addable = (scoring.choices?.models ?? []).filter(({id}) => !scoring.models.includes(id));
  const add = (/** @type {{target: HTMLSelectElement}} */ {target}) =>
    scoring.choose([...scoring.models, target.value]);
  return html`<div role="group" aria-label="Reward models">
    <span class="rl-lab">Reward models</span>
    <div class="rl-row rl-wrap">
      ${repeat(
        scoring.models,
        id => id,
        id => chip(id, scoring),
      )}<select
        class="rl-chip rl-add"
        id="score-add"
        aria-label="Add a reward model"
        ?hidden=${!addable.length}
        .value=${live('')}
        @change=${add}
      >
        <option value="">Add a model</option>
        ${addable.map(({id, title, step}) => html`<option value=${id}>${title}, step ${step}</option>`)}
      </select>
    </div>
    ${problem('models', scoring.problems)}
  </div>`;
}

/** @param {Scoring} scoring */
function texts(scoring) {
  const {problems, typed, type} = scoring;
  const prompt = {title: 'Prompt', help: 'Left empty, answers stand alone.', rows: 2, text: typed.prompt};
  const answers = {title: 'Answers', help: SEVERAL, rows: 5, text: typed.answers};
  return html`${area({name: 'prompt', problems, ...prompt}, text => type({prompt: text}))}
  ${area({name: 'answers', problems, ...answers}, text => type({answers: text}))}`;
}

/**
 * The file that is scored, in place of what it was chosen with and of what could be typed.
 * @param {import('./scoring.js').Read} file
 * @param {Scoring} scoring
 */
function chosen({name, answers, notes}, {forget}) {
  const remove = () => {
    forget();
    document.getElementById('score-file')?.focus();
  };
  return html`<div class="rl-fld" role="group" aria-label="File" id="score-chosen">
    <span class="rl-lab">File</span>
    <div class="rl-row rl-wrap">
      <span class="rl-chip"
        ><span class="rl-score-name">${name}, ${count(answers.length, 'answer')}</span
        ><button type="button" aria-label=${`Take ${name} away`} @click=${remove}>${icon('x')}</button></span
      >
    </div>
    <div class="rl-help">${[...notes, 'Take it away to type text instead.'].join(' ')}</div>
  </div>`;
}

/** @param {Scoring} scoring */
function upload(scoring) {
  const choose = (/** @type {{target: HTMLInputElement}} */ {target}) => {
    const [file] = target.files ?? [];
    target.value = '';
    if (file) void scoring.read(file);
  };
  return html`<div class="rl-fld">
    <label for="score-file">Or a file</label>
    <input
      class="rl-inp rl-score-file"
      type="file"
      id="score-file"
      aria-describedby="score-file-help score-file-problem"
      ?disabled=${scoring.isReading}
      @change=${choose}
    />
    ${problem('file', scoring.problems)}
    <div class="rl-help" id="score-file-help">${scoring.isReading ? 'It is being read.' : FILES}</div>
  </div>`;
}

/** @param {Scoring} scoring */
function rules(scoring) {
  const {models} = scoring;
  const knowsGold = models.length > 0 && models.every(id => modelOf(id, scoring)?.knows_gold);
  return rulesField(scoring, {title: 'Also score by', knowsGold});
}

/** @param {Scoring} scoring */
const stopButton = ({stop}) => button('Stop', stop, {kind: 'danger', mark: 'stop', id: 'score-stop'});

/**
 * Folded away, for it is slow: a judge is a model that reads every answer once more.
 * @param {Scoring} scoring
 */
const judge = scoring =>
  html`<details>
    <summary class="rl-small">Ask a judge too</summary>
    ${judgeFields(scoring)}
  </details>`;

/** @param {Scoring} scoring */
export function scoreForm(scoring) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void scoring.run();
  };
  return html`<form novalidate @submit=${submit}>
    ${card(
      {title: 'What to score', id: 'score-form'},
      html`<div class="rl-cb rl-stack">
        ${models(scoring)} ${scoring.file ? nothing : texts(scoring)}
        <div class="rl-score-more">
          ${scoring.file ? chosen(scoring.file, scoring) : upload(scoring)} ${rules(scoring)}
        </div>
        ${judge(scoring)}
        <div class="rl-row">
          <button type="submit" class="rl-btn primary" id="score-run" ?hidden=${scoring.isBusy}>Score</button>
          ${scoring.isBusy ? stopButton(scoring) : nothing}
        </div>
      </div>`,
    )}
  </form>`;
}
