// What to score and with what: reward models as chips, a prompt with answers or a file, rules.
import {card, note} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, ifDefined, live, nothing, repeat} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {count} from '../../components/numbers.js';

/** @typedef {import('./scoring.js').Scoring} Scoring */
/** @typedef {import('../../payloads').ScoringModel} ScoringModel */
/** @typedef {keyof Scoring['typed']} Typed */

const SEVERAL = 'One, or several with a line of --- between them.';
const JUDGES =
  'base, another model, or endpoint:MODEL behind a server. It gives each answer 0 to 1, and takes longer.';
const FILES = 'Any data file with answers: JSONL, CSV, Parquet. Each answer of a row is scored.';
const RULES = 'A rule a line, as in rewards of a pipeline: length:5-60, format:one sentence';

/** @param {string} name @param {Scoring} scoring */
function problem(name, {problems}) {
  const sentence = /** @type {Record<string, string>} */ (problems)[name];
  const words = sentence ? html`${icon('warn')}<span>${sentence}</span>` : nothing;
  return html`<div class="rl-err" role="alert" id=${`score-${name}-problem`}>${words}</div>`;
}

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
    ${problem('models', scoring)}
  </div>`;
}

/**
 * @param {Typed} name
 * @param {{title: string, help: string, rows: number}} look
 * @param {Scoring} scoring
 */
function area(name, {title, help, rows}, scoring) {
  const type = (/** @type {{target: HTMLTextAreaElement}} */ {target}) =>
    scoring.type({[name]: target.value});
  const invalid = /** @type {Record<string, string>} */ (scoring.problems)[name];
  return html`<div class="rl-fld">
    <label for=${`score-${name}`}>${title}</label>
    <textarea
      class="rl-inp"
      id=${`score-${name}`}
      rows=${rows}
      aria-invalid=${ifDefined(invalid ? 'true' : undefined)}
      aria-describedby=${`score-${name}-help score-${name}-problem`}
      .value=${live(scoring.typed[name])}
      @input=${type}
    ></textarea>
    ${problem(name, scoring)}
    <div class="rl-help" id=${`score-${name}-help`}>${help}</div>
  </div>`;
}

/** @param {Scoring} scoring */
function texts(scoring) {
  const {file} = scoring;
  if (file) {
    const notes = file.notes.length ? html`${file.notes.join(' ')}` : '';
    const title = `${file.name} holds ${count(file.answers.length, 'answer')}`;
    return note('', title, notes, button('Type text instead', scoring.forget, {kind: 'sm'}));
  }
  return html`${area('prompt', {title: 'Prompt', help: 'Left empty, answers stand alone.', rows: 2}, scoring)}
  ${area('answers', {title: 'Answers', help: SEVERAL, rows: 5}, scoring)}`;
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
    ${problem('file', scoring)}
    <div class="rl-help" id="score-file-help">${scoring.isReading ? 'It is being read.' : FILES}</div>
  </div>`;
}

/** @param {Scoring} scoring */
function rules(scoring) {
  const knowsGold = scoring.models.length && scoring.models.every(id => modelOf(id, scoring)?.knows_gold);
  const help = `${RULES}${knowsGold ? ', gold' : ''}.`;
  return area('terms', {title: 'Also score by', help, rows: 2}, scoring);
}

/** @param {Scoring} scoring */
const stopButton = ({stop}) => button('Stop', stop, {kind: 'danger', mark: 'stop', id: 'score-stop'});

/** @param {Typed} name @param {string} title @param {Scoring} scoring */
const line = (name, title, scoring) =>
  html`<div class="rl-fld">
    <label for=${`score-${name}`}>${title}</label>
    <input
      class="rl-inp"
      id=${`score-${name}`}
      autocomplete="off"
      aria-describedby="score-judge-help"
      .value=${live(scoring.typed[name])}
      @input=${(/** @type {{target: HTMLInputElement}} */ {target}) => scoring.type({[name]: target.value})}
    />
  </div>`;

/** @param {Scoring} scoring */
function rubrics({choices, typed, type}) {
  const choose = (/** @type {{target: HTMLSelectElement}} */ {target}) => type({rubric: target.value});
  return html`<div class="rl-fld">
    <label for="score-rubric">Rubric</label>
    <select class="rl-inp" id="score-rubric" .value=${live(typed.rubric)} @change=${choose}>
      ${(choices?.rubrics ?? []).map(
        name => html`<option value=${name} ?selected=${name === typed.rubric}>${name}</option>`,
      )}
    </select>
  </div>`;
}

/**
 * Folded away, for it is slow: a judge is a model that reads every answer once more.
 * @param {Scoring} scoring
 */
const judge = scoring =>
  html`<details>
    <summary class="rl-small">Ask a judge too</summary>
    <div class="rl-score-judge">
      ${line('judge', 'Judge', scoring)} ${rubrics(scoring)}
      ${scoring.typed.judge.startsWith('endpoint:') ? line('url', "Judge's address", scoring) : nothing}
    </div>
    <div class="rl-help" id="score-judge-help">${JUDGES}</div>
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
        ${models(scoring)} ${texts(scoring)}
        <div class="rl-score-more">${upload(scoring)} ${rules(scoring)}</div>
        ${judge(scoring)}
        <div class="rl-row">
          <button type="submit" class="rl-btn primary" id="score-run" ?hidden=${scoring.isBusy}>Score</button>
          ${scoring.isBusy ? stopButton(scoring) : nothing}
        </div>
      </div>`,
    )}
  </form>`;
}
