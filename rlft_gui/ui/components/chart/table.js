// The numbers of a chart as a table.
import {html, nothing} from '../html.js';
import {number} from '../numbers.js';
import {rowsOf} from './rows.js';

/** @typedef {import('./curve.js').Curve} Curve */

const MOST_ROWS = 200;

/** @param {{step: number, cells: string[]}} row */
const row = ({step, cells}) =>
  html`<tr>
    <th scope="row">${number(step)}</th>
    ${cells.map(words => html`<td class="r rl-num">${words}</td>`)}
  </tr>`;

/**
 * @param {string} title of the metric
 * @param {Curve[]} curves
 */
export function table(title, curves) {
  const {total, rows} = rowsOf(curves, MOST_ROWS);
  if (!total) return nothing;
  const stride = Math.max(...curves.map(({series}) => series.stride));
  const thinned = stride > 1 ? ` One point of ${stride} is drawn; rlft metrics RUN tells all.` : '';
  const rest = total > rows.length ? `The newest ${MOST_ROWS} of ${total} steps.` : '';
  return html`<div class="rl-scroll" tabindex="0">
      <table class="rl-t">
        <caption class="rl-vh">
          ${title} by step
        </caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            ${curves.map(({line}) => html`<th scope="col" class="r">${line.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(row)}
        </tbody>
      </table>
    </div>
    ${rest || thinned ? html`<p class="rl-xs rl-faint">${rest}${thinned}</p>` : nothing}`;
}
