// What became of a dataset's rows: how many there are to learn from, and why the others were dropped.
import {html, nothing} from '../html.js';
import {count, number} from '../numbers.js';

/** @typedef {import('../../payloads').RowAccountShown} Account */

/** @param {Account} dataset */
export const account = dataset =>
  html`<div class="rl-stack-s">
    ${amount(dataset)} ${remarks(dataset).map(words => html`<p class="rl-small rl-muted">${words}</p>`)}
    ${reasons(dataset)} ${firstDropped(dataset)}
  </div>`;

/** @param {Account} dataset */
function amount({rows, rows_read: read, dropped}) {
  const gone = dropped ? `, ${number(dropped)} of ${number(read)} dropped.` : '. None was dropped.';
  return html`<p class="rl-small"><span class="rl-b">${count(rows, 'row')} to learn from</span>${gone}</p>`;
}

/** @param {Pick<Account, 'changes' | 'not_read' | 'notes'>} dataset */
export function remarks({changes, not_read: columns, notes}) {
  const changed = Object.entries(changes).map(([change, rows]) => `${count(rows, 'row')}: ${change}.`);
  const unread = columns.length ? [`Columns not read: ${columns.join(', ')}.`] : [];
  return [...notes, ...changed, ...unread];
}

/** @param {Account} dataset */
function reasons(dataset) {
  const dropped = Object.entries(dataset.reasons);
  if (!dropped.length) return nothing;
  return html`<ul class="rl-reasons rl-small">
    ${dropped.map(([reason, rows]) => html`<li>${count(rows, 'row')}: ${reason}</li>`)}
  </ul>`;
}

/** @param {Account} dataset */
function firstDropped({reasons, problems}) {
  if (!Object.keys(reasons).length || !problems.length) return nothing;
  const rows = problems.length === 1 ? 'dropped row' : `${problems.length} dropped rows`;
  return html`<details class="rl-small">
    <summary>The first ${rows}</summary>
    <ul class="rl-reasons">
      ${problems.map(({row, message}) => html`<li>Row ${number(row)}: ${message}</li>`)}
    </ul>
  </details>`;
}
