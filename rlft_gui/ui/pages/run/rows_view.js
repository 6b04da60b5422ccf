// The rows that a run made, with what can be done to them.
import {badge} from '../../components/badge.js';
import {card, empty, note, skeleton} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {html, nothing, repeat} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {count, number} from '../../components/numbers.js';
import {segment} from '../../components/segment.js';
import {figureLine, rowTexts} from './row_texts.js';

/** @typedef {import('./generated.js').Rows} Rows */
/** @typedef {import('./generated.js').Which} Which */
/** @typedef {import('../../payloads').RowView} Row */
/** @typedef {import('../../payloads').RowsShown} RowsShown */
/** @typedef {import('../../payloads').RunState} RunState */

/** @type {[Which, string][]} */
export const ROW_KINDS = [
  ['all', 'All'],
  ['edited', 'Edited'],
  ['dropped', 'Dropped'],
];
const MOST_COLUMNS = 4;

/** @param {string} stages @param {Rows} rows */
function passing(stages, rows) {
  const kept = rows.page ? rows.page.counts.all - rows.page.counts.dropped : null;
  const waits =
    kept === null ? 'Rows wait for you' : `${count(kept, 'row')} ${kept === 1 ? 'waits' : 'wait'} for you`;
  return html`<div class="rl-note rl-waits" role="status">
    ${icon('clock')}
    <div class="rl-grow">
      <div class="rl-nt">${waits}</div>
      <p class="rl-small">
        ${stages} begins when you let them pass. Edit an answer or drop a row before; afterwards they stay as
        they are.
      </p>
    </div>
    ${button('Let them pass', () => rows.pass(), {kind: 'primary', disabled: rows.isPassing})}
  </div>`;
}

/** Who waits for the rows. @param {Rows} rows @param {RunState} facts */
function bar(rows, {run, review}) {
  const stages = (review?.waiting ?? []).map(({stage}) => stage).join(' and ');
  if (!stages) return nothing;
  if (run.status === 'succeeded') return passing(stages, rows);
  const later = 'When all rows are made, look at them here and let them pass.';
  return note('', `${stages} will wait for you`, later);
}

/** @param {Row} row @param {Rows} rows */
function acts(row, rows) {
  if (!rows.canEdit) return nothing;
  if (rows.edits.has(row.number))
    return html`<span class="rl-acts"
      >${button('Save', () => rows.save(row), {kind: 'sm'})}
      ${button('Cancel', () => rows.cancel(row), {kind: 'sm'})}</span
    >`;
  const isEditable = !row.dropped && row.texts.some(({column}) => column);
  return html`<span class="rl-acts"
    >${isEditable ? button('Edit', () => rows.edit(row), {kind: 'sm'}) : nothing}
    ${button(row.dropped ? 'Take back in' : 'Drop', () => rows.drop(row), {kind: 'sm'})}</span
  >`;
}

/** @param {Row} row @param {number} columns @param {Rows} rows */
function section(row, columns, rows) {
  const typed = rows.edits.get(row.number);
  const editing = typed ? {typed, save: () => rows.save(row), cancel: () => rows.cancel(row)} : null;
  return html`<section
    class=${`rl-made ${row.dropped ? 'dropped' : ''}`}
    data-row=${row.number}
    aria-label=${`Row ${row.number}`}
  >
    <div class="rl-prow">
      <span class="rl-faint rl-num">${row.number}</span>
      <h3>${row.prompt}</h3>
      ${row.edited ? badge('run', null, 'Edited') : nothing}
      ${row.dropped ? badge('warn', 'x', 'Dropped') : nothing}
      <span class="rl-grow"></span>${acts(row, rows)}
    </div>
    <div class="rl-film" style=${`--n:${Math.min(columns, MOST_COLUMNS)}`}>${rowTexts(row, editing)}</div>
    ${row.notes.length ? html`<div class="rl-made-notes">${figureLine(row.notes)}</div>` : nothing}
  </section>`;
}

/** @param {Rows} rows @param {RunState} facts */
function none({which}, {run}) {
  if (which !== 'all') return empty(`No row is ${which}`, 'Choose All to see the others.');
  const comes = run.live || run.status === 'queued';
  return empty(
    'No rows yet',
    comes ? 'The first ones come soon after the start.' : 'This run has made none.',
  );
}

/** @param {Rows} rows @param {RunState} facts */
function list(rows, facts) {
  if (!rows.page) return html`<div class="rl-cb">${skeleton(30, 92, 84)}</div>`;
  const shown = rows.page.rows;
  if (!shown.length) return none(rows, facts);
  const columns = Math.max(1, ...shown.map(({texts}) => texts.length));
  return repeat(
    shown,
    row => row.number,
    row => section(row, columns, rows),
  );
}

/** Which prompts gave no row, and why rows cannot be changed. @param {Rows} rows @param {RunState} facts */
export function about({page}, {run, review}) {
  const reasons = Object.entries(page?.left_out ?? {});
  const out = reasons.reduce((sum, [, amount]) => sum + amount, 0);
  const why = reasons.map(([reason, amount]) => (amount === out ? reason : `${number(amount)} × ${reason}`));
  const lost = out ? `${count(out, 'prompt')} gave none: ${why.join(', ')}` : '';
  const fixed = page && run.status === 'succeeded' ? review?.fixed : '';
  return [lost, fixed].filter(Boolean).join(' · ');
}

/** @param {Rows} rows */
function pager(rows) {
  const {page, which, offset} = rows;
  const shown = page?.rows.length ?? 0;
  const total = page?.counts[which] ?? 0;
  const isFirst = offset === 0;
  const isLast = offset + shown >= total;
  const size = page?.size ?? 0;
  const back = () => rows.go({offset: Math.max(0, offset - size)});
  const on = () => rows.go({offset: offset + size});
  return html`<div class="rl-row rl-between rl-small rl-muted rl-pager" ?hidden=${isFirst && isLast}>
    <span class="rl-num" role="status"
      >${shown ? `${number(offset + 1)} to ${number(offset + shown)} of ${number(total)}` : ''}</span
    >
    <span class="rl-row"
      >${button('Previous', back, {kind: 'sm', disabled: isFirst})}
      ${button('Next', on, {kind: 'sm', disabled: isLast})}</span
    >
  </div>`;
}

/** @param {Rows} rows */
const kinds = rows =>
  html`<div class="rl-tools">
    ${segment(
      {
        label: 'Which rows',
        name: 'rl-rows-kind',
        value: rows.which,
        options: ROW_KINDS.map(([kind, words]) => [
          kind,
          rows.page ? `${words} ${number(rows.page.counts[kind])}` : words,
        ]),
      },
      kind => rows.go({which: /** @type {Which} */ (kind), offset: 0}),
    )}
  </div>`;

/** @param {Rows} rows */
export function rowsView(rows) {
  const {facts, problem} = rows;
  if (!facts) return nothing;
  return html`<div class="rl-stack">
    <div>${bar(rows, facts)}</div>
    ${card(
      {title: 'Rows', id: 'rows', sub: about(rows, facts), tools: kinds(rows)},
      html`<p class="rl-small rl-wrong" role="alert">${problem}</p>
        <div>${list(rows, facts)}</div>
        ${pager(rows)}`,
    )}
  </div>`;
}
