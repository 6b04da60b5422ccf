// The rows of a dataset: a page of them, those that hold some words, and the number of each in its file.
import {card, empty, skeleton} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {html} from '../../components/html.js';
import {count, number} from '../../components/numbers.js';
import {example} from '../../components/rows/examples.js';

/** @typedef {import('../../payloads').DatasetRows} DatasetRows */

const PAUSE = 250; // ms after a letter

export class Rows {
  /** @type {DatasetRows | null} */
  shown = null;
  problem = '';
  start = 0;
  search = '';
  #server;
  #id;
  #redraw;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {import('../../payloads').Server} server @param {string} id @param {() => void} redraw */
  constructor(server, id, redraw) {
    this.#server = server;
    this.#id = id;
    this.#redraw = redraw;
  }

  /** @param {number} start */
  go = start => {
    this.start = Math.max(0, start);
    this.look();
  };

  /** @param {string} words */
  find = words => {
    this.search = words;
    this.start = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), PAUSE);
  };

  async look() {
    const {start, search} = this;
    try {
      const shown = await call(this.#server.dataset_rows, {id: this.#id, start, search});
      if (start !== this.start || search !== this.search) return; // something newer was asked
      this.shown = shown;
      this.problem = '';
    } catch (error) {
      this.problem = sentence(error);
    }
    this.#redraw();
  }
}

/** @param {Rows} rows */
export const rowsCard = rows =>
  card(
    {title: 'Rows', id: 'rows', tools: search(rows)},
    html`<div class="rl-cb rl-data-rows">${page(rows)}</div>`,
  );

/** @param {Rows} rows */
const search = rows =>
  html`<input
    type="search"
    class="rl-inp short"
    placeholder="Find in the rows"
    aria-label="Find in the rows"
    .value=${rows.search}
    @input=${(/** @type {any} */ event) => rows.find(event.target.value)}
  />`;

/** @param {Rows} rows */
function page(rows) {
  const {shown, start, problem} = rows;
  if (problem) return html`<p class="rl-small rl-wrong" role="alert">${problem}</p>`;
  if (!shown) return skeleton(92, 84, 60);
  if (!shown.found) return empty('No row has these words', 'Upper and lower case are the same here.');
  const to = Math.min(start + shown.size, shown.found);
  return html`<ol class="rl-examples" aria-label="Rows">
      ${shown.rows.map(({number: nr, row}) => example(row, `Row ${number(nr)}`))}
    </ol>
    <div class="rl-row rl-between rl-small rl-muted rl-pager">
      <span class="rl-num" role="status"
        >${number(start + 1)} to ${number(to)} of ${count(shown.found, 'row')}</span
      >
      <span class="rl-row"
        >${button('Previous', () => rows.go(start - shown.size), {kind: 'sm', disabled: start === 0})}
        ${button('Next', () => rows.go(start + shown.size), {kind: 'sm', disabled: to >= shown.found})}</span
      >
    </div>`;
}
