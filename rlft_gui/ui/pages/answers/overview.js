// Above the table: A against B, and who beats whom how often.
import '../../components/chart/scatter.js';
import {card, empty} from '../../components/blocks.js';
import {html, nothing} from '../../components/html.js';
import {percent} from '../../components/numbers.js';
import {scoreName, shares} from './words.js';

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

/**
 * @param {AnswersOverview} overview
 * @param {string} column
 * @param {string} over
 * @param {boolean} isFirst of the pair
 */
function cell(overview, column, over, isFirst) {
  const found = shares(overview.wins, column, over, isFirst);
  if (!found) return html`<td class="rl-num rl-faint">–</td>`;
  const strength = Math.round(Math.abs(found.rate - 50) * 1.2);
  const tint = found.rate >= 50 ? 'var(--pos-2)' : 'var(--neg-2)';
  return html`<td
    class="rl-num rl-wins"
    style=${`background: color-mix(in srgb, ${tint} ${strength}%, var(--surface))`}
  >
    ${percent(found.rate)}<span class="rl-sub">${found.low} to ${found.high}, n ${found.prompts}</span>
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
              ${page.columns.map((other, j) => cell(overview, one.key, other.key, i < j))}
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
