// Above the table: A against B, and who beats whom how often.
import '../../components/chart/scatter.js';
import {card, empty} from '../../components/blocks.js';
import {html, nothing} from '../../components/html.js';
import {percent} from '../../components/numbers.js';
import {scoreName} from './words.js';

/** @typedef {import('../../payloads').AnswersPage} AnswersPage */
/** @typedef {import('../../payloads').AnswersOverview} AnswersOverview */

/** @param {AnswersPage} page @param {string} key */
function named(page, key) {
  const column = page.columns.find(one => one.key === key);
  return column ? `${column.title}${column.sub ? `, ${column.sub}` : ''}` : key;
}

/** @param {AnswersPage} page @param {AnswersOverview} overview @param {(item: string) => void} open */
function scatter(page, overview, open) {
  if (!overview.points.length)
    return empty('No point yet', 'A prompt is a point once both columns have a score for it.');
  const view = {
    points: overview.points,
    x: named(page, page.baseline),
    y: named(page, page.other),
    score: scoreName(page.score),
    open,
  };
  return html`<div class="rl-cb"><rl-scatter .view=${view}></rl-scatter></div>`;
}

/** @param {AnswersOverview} overview @param {string} column @param {string} over */
function cell(overview, column, over) {
  const found = overview.wins.find(one => one.column === column && one.over === over);
  if (!found) return html`<td class="rl-num rl-faint">–</td>`;
  const strength = Math.round(Math.abs(found.rate - 0.5) * 120);
  const tint = found.rate >= 0.5 ? 'var(--pos-2)' : 'var(--neg-2)';
  return html`<td
    class="rl-num rl-wins"
    style=${`background: color-mix(in srgb, ${tint} ${strength}%, var(--surface))`}
  >
    ${percent(found.rate * 100)}<span class="rl-sub"
      >${Math.round(found.low * 100)} to ${Math.round(found.high * 100)}, n ${found.prompts}</span
    >
  </td>`;
}

/** @param {AnswersPage} page @param {AnswersOverview} overview */
const matrix = (page, overview) =>
  html`<div class="rl-ascroll" tabindex="0" role="region" aria-label="Win rates">
    <table class="rl-t rl-matrix">
      <caption class="rl-vh">
        How often the model of a row beats that of a column
      </caption>
      <thead>
        <tr>
          <th scope="col">beats</th>
          ${page.columns.map((one, i) => html`<th scope="col" title=${named(page, one.key)}>${i + 1}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${page.columns.map(
          (one, i) =>
            html`<tr>
              <th scope="row">${i + 1} ${named(page, one.key)}</th>
              ${page.columns.map(other => cell(overview, one.key, other.key))}
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="rl-xs rl-faint rl-anote">
      Share of prompts won, ties being half, with the 95 % interval over prompts (Wilson).
    </p>
  </div>`;

/**
 * @param {AnswersPage} page
 * @param {AnswersOverview | null} overview
 * @param {(item: string) => void} open
 */
export function overviewCards(page, overview, open) {
  if (page.columns.length < 2 || !overview) return nothing;
  const sub = scoreName(page.score);
  return html`<div class="rl-two">
    ${card({title: 'A against B', sub, id: 'answers-scatter'}, scatter(page, overview, open))}
    ${card({title: 'Win rates', sub, id: 'answers-wins'}, matrix(page, overview))}
  </div>`;
}
