// The fields that rules and a judge are typed into, with what is wrong with them.
import {html, ifDefined, live, nothing} from '../html.js';
import {icon} from '../icon.js';
import {isBehindServer} from './typed.js';

/** @typedef {import('./typed.js').TypedScorers} TypedScorers */
/** @typedef {Record<string, string | undefined>} Problems a sentence by field */
/**
 * @typedef {object} Scorers
 * @property {TypedScorers} typed
 * @property {(changes: Partial<TypedScorers>) => void} type
 * @property {Problems} problems
 * @property {import('../../payloads').ScoreChoices | null} choices
 */

const RULES = 'A rule a line, as in rewards of a pipeline: length:5-60, format:one sentence';
const JUDGES =
  'base, another model, or endpoint:MODEL behind a server. It gives each answer 0 to 1, and takes longer.';
const SENT = 'Prompts and answers are sent there, with the key in RLFT_JUDGE_API_KEY if the app has one.';

/** @param {string} name */
export const fieldId = name => `score-${name}`;

/** Empty while nothing is wrong. @param {string} name @param {Problems} problems */
export function problem(name, problems) {
  const sentence = problems[name];
  const words = sentence ? html`${icon('warn')}<span>${sentence}</span>` : nothing;
  return html`<div class="rl-err" role="alert" id=${`${fieldId(name)}-problem`}>${words}</div>`;
}

/**
 * Several lines of text.
 * @param {{name: string, title: string, help: string, rows: number, text: string, problems: Problems}} field
 * @param {(text: string) => void} type
 */
export function area({name, title, help, rows, text, problems}, type) {
  const id = fieldId(name);
  return html`<div class="rl-fld">
    <label for=${id}>${title}</label>
    <textarea
      class="rl-inp"
      id=${id}
      rows=${rows}
      aria-invalid=${ifDefined(problems[name] ? 'true' : undefined)}
      aria-describedby=${`${id}-help ${id}-problem`}
      .value=${live(text)}
      @input=${(/** @type {{target: HTMLTextAreaElement}} */ {target}) => type(target.value)}
    ></textarea>
    ${problem(name, problems)}
    <div class="rl-help" id=${`${id}-help`}>${help}</div>
  </div>`;
}

/** @param {Scorers} scorers @param {{title: string, knowsGold: boolean}} look */
export function rulesField({typed, type, problems}, {title, knowsGold}) {
  const help = `${RULES}${knowsGold ? ', gold' : ''}.`;
  const field = {name: 'terms', title, help, rows: 2, text: typed.terms, problems};
  return area(field, terms => type({terms}));
}

/** @param {'judge' | 'url'} name @param {string} title @param {Scorers} scorers */
const line = (name, title, {typed, type}) =>
  html`<div class="rl-fld">
    <label for=${fieldId(name)}>${title}</label>
    <input
      class="rl-inp"
      id=${fieldId(name)}
      autocomplete="off"
      aria-describedby="score-judge-help score-judge-problem"
      .value=${live(typed[name])}
      @input=${(/** @type {{target: HTMLInputElement}} */ {target}) => type({[name]: target.value})}
    />
  </div>`;

/** @param {Scorers} scorers */
const rubrics = ({choices, typed, type}) =>
  html`<div class="rl-fld">
    <label for="score-rubric">Rubric</label>
    <select
      class="rl-inp"
      id="score-rubric"
      .value=${live(typed.rubric)}
      @change=${(/** @type {{target: HTMLSelectElement}} */ {target}) => type({rubric: target.value})}
    >
      ${(choices?.rubrics ?? []).map(
        name => html`<option value=${name} ?selected=${name === typed.rubric}>${name}</option>`,
      )}
    </select>
  </div>`;

/** @param {Scorers} scorers */
export const judgeFields = scorers =>
  html`<div class="rl-score-judge">
      ${line('judge', 'Judge', scorers)} ${rubrics(scorers)}
      ${isBehindServer(scorers.typed) ? line('url', "Judge's address", scorers) : nothing}
    </div>
    ${problem('judge', scorers.problems)}
    <div class="rl-help" id="score-judge-help">${isBehindServer(scorers.typed) ? SENT : JUDGES}</div>`;
