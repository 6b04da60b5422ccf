// The rows that a run makes: read beside each other, edited, dropped and let pass until a run that takes them
// begins. One page at a time, live while rows are being made.
import {asked, remember} from '../../components/address.js';
import {call, sentence} from '../../components/call.js';
import {render} from '../../components/html.js';
import {poll} from '../../components/poll.js';
import {askNow, onFacts, runId} from './facts.js';
import {columnsChanged, textsOf} from './row_edits.js';
import {ROW_KINDS, rowsView} from './rows_view.js';

/** @typedef {import('../../payloads').RowView} Row */
/** @typedef {import('../../payloads').RowsShown} RowsShown */
/** @typedef {import('../../payloads').RunState} RunState */
/** @typedef {import('../../payloads').Server} Server */
/** @typedef {import('../../payloads').EditAsked} EditAsked */
/** @typedef {keyof RowsShown['counts']} Which */

const WHILE_LIVE = 2000; // ms
const ONCE_ENDED = 10_000;
const WHILE_EDITED = 1000;

export class Rows {
  /** @type {RunState | null} */
  facts = null;
  /** @type {RowsShown | null} */
  page = null;
  problem = '';
  isPassing = false;
  /** Row number → its texts by column, as typed so far. @type {Map<number, Record<string, string>>} */
  edits = new Map();
  #version = '';
  #isBusy = false;
  #isPolled = false;
  #wake = () => {};

  /** @param {HTMLElement} root @param {Server} server */
  constructor(root, server) {
    this.root = root;
    this.server = server;
    const address = asked();
    /** @type {Which} */
    this.which = ROW_KINDS.map(([kind]) => kind).find(kind => kind === address.get('rows')) ?? 'all';
    this.offset = Math.max(0, parseInt(address.get('row') ?? '0') || 0);
  }

  get canEdit() {
    const review = this.facts?.review;
    return Boolean(review && !review.fixed);
  }

  draw() {
    render(rowsView(this), this.root);
  }

  /** @param {{which?: Which, offset: number}} place */
  go({which = this.which, offset}) {
    this.which = which;
    this.offset = offset;
    this.#version = '';
    remember({rows: which === 'all' ? null : which, row: offset || null});
    this.draw();
    this.#wake();
  }

  /** @param {RunState} facts */
  take(facts) {
    this.facts = facts;
    if (!this.canEdit) this.edits.clear();
    this.draw();
    if (this.#isPolled) this.#wake();
    else this.#wake = poll(this.root, WHILE_LIVE, () => this.#read());
    this.#isPolled = true;
  }

  async #read() {
    if (this.edits.size || this.#isBusy) return WHILE_EDITED; // nothing moves under somebody's hands
    const {which, offset} = this;
    const answer = await call(this.server.run_rows, {run: runId, which, offset, seen: this.#version});
    if (which !== this.which || offset !== this.offset) return 0;
    if (answer.page && offset && !answer.page.rows.length) {
      this.go({offset: 0});
      return 0;
    }
    this.#version = answer.version;
    if (answer.page) this.page = answer.page;
    if (answer.page) this.draw();
    return this.facts?.run.live ? WHILE_LIVE : ONCE_ENDED;
  }

  /** Does something, and says what went wrong above the rows. @param {() => Promise<unknown>} act */
  async #try(act) {
    this.problem = '';
    this.#isBusy = true;
    try {
      await act();
    } catch (error) {
      this.problem = sentence(error);
    }
    this.#isBusy = false;
    this.draw();
  }

  /** @param {number} number @param {Pick<EditAsked, 'columns' | 'drop'>} what */
  async #change(number, what) {
    const changed = await call(this.server.run_edit_row, {run: runId, number, ...what});
    const {page} = this;
    if (page) this.page = {...page, rows: page.rows.map(row => (row.number === number ? changed : row))};
    this.edits.delete(number);
    this.#version = '';
    this.#wake();
  }

  /** @param {Row} row */
  edit(row) {
    this.edits.set(row.number, textsOf(row));
    this.draw();
    this.#focus(row, 'textarea');
  }

  /** @param {Row} row */
  cancel(row) {
    this.edits.delete(row.number);
    this.draw();
    this.#focus(row, 'button');
  }

  /** @param {Row} row @param {'textarea' | 'button'} tag */
  #focus(row, tag) {
    /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-row="${row.number}"] ${tag}`))?.focus();
  }

  /** @param {Row} row */
  save(row) {
    const columns = columnsChanged(row, this.edits.get(row.number) ?? {});
    if (Object.keys(columns).length) void this.#try(() => this.#change(row.number, {columns}));
    else this.cancel(row);
  }

  /** @param {Row} row */
  drop(row) {
    void this.#try(() => this.#change(row.number, {drop: !row.dropped}));
  }

  async pass() {
    this.isPassing = true;
    this.draw();
    await this.#try(async () => {
      await call(this.server.run_action, {run: runId, action: 'approve'});
      askNow();
    });
    this.isPassing = false;
    this.draw();
  }
}

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  if (!runId) return;
  const rows = new Rows(root, server);
  onFacts(state => {
    if (state.run.output === 'rows') rows.take(state);
  });
}
