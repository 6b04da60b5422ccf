// What stands above the table: columns to add, filter, order and score.
import {html, live, nothing} from '../../components/html.js';
import {kindName} from '../../components/kinds.js';
import {number} from '../../components/numbers.js';
import {ORDERS} from './query.js';
import {scoreName} from './words.js';

/** @typedef {import('../../payloads').AnswersPage} AnswersPage */
/** @typedef {import('../../payloads').AnswerChoices} AnswerChoices */
/** @typedef {import('./query.js').Query} Query */

const MOST = 8;

/**
 * @param {string} label
 * @param {string} value
 * @param {[string, string][]} options
 * @param {(chosen: string) => void} choose
 */
const choice = (label, value, options, choose) =>
  html`<label class="rl-achoice"
    ><span class="rl-k">${label}</span
    ><select
      class="rl-inp"
      .value=${live(value)}
      @change=${(/** @type {any} */ event) => choose(event.target.value)}
    >
      ${options.map(
        ([key, words]) => html`<option value=${key} ?selected=${key === value}>${words}</option>`,
      )}
    </select></label
  >`;

/**
 * @param {AnswersPage} page
 * @param {AnswerChoices} choices
 * @param {(columns: string[]) => void} show
 */
export function adder(page, choices, show) {
  const keys = page.columns.map(one => one.key);
  if (keys.length >= MOST) return html`<span class="rl-xs rl-faint">Eight columns are the most.</span>`;
  const free = (/** @type {string} */ key) => !keys.includes(key);
  return html`<select
    class="rl-chip rl-add"
    aria-label="Add a column"
    .value=${live('')}
    @change=${(/** @type {any} */ event) => show([...keys, event.target.value])}
  >
    <option value="">Add a column</option>
    ${choices.batches.map(
      batch =>
        html`<optgroup label=${`${batch.title}, ${batch.id}`}>
          ${batch.columns.map((key, i) =>
            free(key)
              ? html`<option value=${key}>${batch.titles[i]} (${batch.title}, ${batch.id})</option>`
              : nothing,
          )}
        </optgroup>`,
    )}
    <optgroup label="What probes wrote">
      ${choices.probes
        .map(run => /** @type {[string, string]} */ ([`probe:${run.id}`, run.title]))
        .filter(([key]) => !keys.some(one => one.split('@')[0] === key))
        .map(([key, title]) => html`<option value=${key}>${title} (probe)</option>`)}
    </optgroup>
  </select>`;
}

/**
 * @param {AnswersPage} page
 * @param {Query} query
 * @param {string} typed
 * @param {(changes: Partial<Query>) => void} change
 * @param {(typed: string) => void} type
 */
export function tools(page, query, typed, change, type) {
  const total = Object.values(page.kinds).reduce((sum, one) => sum + one, 0);
  /** @type {[string, string][]} */
  const kinds = [
    ['', `All kinds ${number(total)}`],
    ...Object.entries(page.kinds).map(
      ([kind, amount]) => /** @type {[string, string]} */ ([kind, `${kindName(kind)} ${amount}`]),
    ),
  ];
  /** @type {[string, string][]} */
  const scores = page.scores.map(name => [name, scoreName(name)]);
  return html`<div class="rl-tools">
    <input
      type="search"
      class="rl-inp short"
      placeholder="Find in prompts and answers"
      aria-label="Find in prompts and answers"
      .value=${live(typed)}
      @input=${(/** @type {any} */ event) => type(event.target.value)}
    />
    ${choice('Kind', query.kind, kinds, kind => change({kind}))}
    ${choice('Score', page.score, scores, score => change({score}))}
    ${choice('Sort', query.order, ORDERS, order => change({order: /** @type {Query['order']} */ (order)}))}
  </div>`;
}
