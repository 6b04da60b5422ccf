// The table of the page of all runs: filter, order and page of it stand in the address.
import {asked, remember} from '../../components/address.js';
import {empty} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {call} from '../../components/call.js';
import {html, ifDefined, nothing, render, repeat} from '../../components/html.js';
import {poll} from '../../components/poll.js';
import {segment} from '../../components/segment.js';
import {onBinChanged} from './bin_news.js';
import {COLUMNS, GROUPS, addressed, ordered, queryIn, rangeOf} from './query.js';
import {row} from './row.js';
import {selection} from './selection.js';

/** @typedef {import('./query.js').Query} Query */
/** @typedef {import('../../payloads').RunsPage} RunsPage */
/**
 * @typedef {object} State
 * @property {Query} query
 * @property {string} typed in the search field, as it stands there
 * @property {number} now s, in the app's time
 */
/** @typedef {(changes: Partial<Query>) => void} Change */

const PAUSE = 250; // ms after a letter
const WHILE_BUSY = 2000;
const WHILE_IDLE = 8000;

/**
 * @param {State} state
 * @param {RunsPage} page
 * @param {Change} change
 * @param {(typed: string) => void} type
 */
const tools = ({query, typed}, page, change, type) =>
  html`<div class="rl-ch">
    <div class="rl-tools">
      <input
        type="search"
        class="rl-inp short"
        placeholder="Find a run"
        aria-label="Find a run"
        .value=${typed}
        @input=${(/** @type {any} */ event) => type(event.target.value)}
      />
      ${segment(
        {
          label: 'Which runs',
          name: 'rl-runs-group',
          value: query.group,
          options: GROUPS.map(([group, words]) => [group, `${words} ${page.counts[group]}`]),
        },
        group => change({group: /** @type {Query['group']} */ (group)}),
      )}
    </div>
    <span class="rl-small rl-muted rl-drawn" role="status"
      >${selection.isFull ? 'Six are drawn; untick one to draw another.' : ''}</span
    >
  </div>`;

/** @param {Query} query @param {Change} change */
const heads = (query, change) =>
  COLUMNS.map(({order, words, kind}) => {
    const isMine = order === query.order;
    const direction = query.upwards ? 'ascending' : 'descending';
    const arrow = query.upwards ? ' ↑' : ' ↓';
    const numeric = kind === 'full' ? '' : 'r';
    return html`<th scope="col" class=${numeric} aria-sort=${ifDefined(isMine ? direction : undefined)}>
      <button type="button" @click=${() => change(ordered(query, order))}>
        ${words}${isMine ? arrow : ''}
      </button>
    </th>`;
  });

/** @param {State} state @param {RunsPage} page @param {Change} change */
const table = ({query, now}, page, change) =>
  html`<table class="rl-t rl-resp rl-runs-t">
    <caption class="rl-vh">
      All runs
    </caption>
    <thead>
      <tr>
        <th scope="col"><span class="rl-vh">On the chart</span></th>
        ${heads(query, change)}
      </tr>
    </thead>
    <tbody>
      ${repeat(
        page.rows,
        ({run}) => run.id,
        each =>
          row(each, now, {
            isTicked: selection.ids.includes(each.run.id),
            isFull: selection.isFull,
            toggle: () => selection.toggle(each.run.id),
          }),
      )}
    </tbody>
  </table>`;

/** @param {Query} query @param {RunsPage} page @param {Change} change */
function none({text, group}, page, change) {
  if (!page.counts.all && !text && group === 'all') {
    const more = link('/new', 'New pipeline', 'rl-btn sm');
    return empty('No runs yet', 'A run that you start appears here and keeps going without this page.', more);
  }
  const why = text ? `Nothing found for “${text}”.` : 'There is none in this group.';
  const all = button('Show all runs', () => change({text: '', group: 'all'}), {kind: 'sm'});
  return empty('No run fits', why, all);
}

/** @param {Query} query @param {RunsPage} page @param {Change} change */
function pager({offset}, page, change) {
  const {from, to} = rangeOf(offset, page);
  const back = () => change({offset: Math.max(0, offset - page.size)});
  const on = () => change({offset: offset + page.size});
  return html`<div class="rl-row rl-between rl-small rl-muted rl-pager">
    <span class="rl-num" role="status">${page.total ? `${from} to ${to} of ${page.total}` : ''}</span>
    <span class="rl-row"
      >${button('Previous', back, {kind: 'sm', disabled: offset === 0})}
      ${button('Next', on, {kind: 'sm', disabled: to >= page.total})}</span
    >
  </div>`;
}

/**
 * @param {State} state
 * @param {RunsPage} page
 * @param {Change} change
 * @param {(typed: string) => void} type
 */
const view = (state, page, change, type) =>
  html`<section class="rl-card" aria-label="All runs">
    ${tools(state, page, change, type)}
    ${page.rows.length ? table(state, page, change) : none(state.query, page, change)}
    ${pager(state.query, page, change)}
  </section>`;

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  const query = queryIn(asked());
  /** @type {State} */
  const state = {query, typed: query.text, now: 0};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;

  /** @type {Change} */
  const change = changes => {
    state.query = {...state.query, offset: 0, ...changes};
    if (changes.text === '') state.typed = '';
    remember(addressed(state.query));
    wake();
  };
  /** @param {string} typed */
  const type = typed => {
    state.typed = typed;
    clearTimeout(typing);
    typing = setTimeout(() => change({text: typed.trim()}), PAUSE);
  };
  const draw = () => render(selection.page ? view(state, selection.page, change, type) : nothing, root);

  selection.on(draw);
  onBinChanged(() => wake());
  const wake = poll(root, WHILE_BUSY, async () => {
    const page = await call(server.runs_page, {...state.query, drawn: selection.ids});
    if (state.query.offset && !page.rows.length && page.total) return change({offset: 0});
    state.now = page.now;
    selection.take(page);
    return page.counts.active ? WHILE_BUSY : WHILE_IDLE;
  });
}
