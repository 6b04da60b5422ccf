// The table of models: win rate against the baseline, the same at equal length, and the rating from all
// pairs.
import {badge} from '../../components/badge.js';
import {card, empty} from '../../components/blocks.js';
import {html, nothing} from '../../components/html.js';
import {NONE, count, interval, number, signed} from '../../components/numbers.js';
import {forest} from './marks.js';
import {RATES, around} from './scales.js';

/** @typedef {import('../../payloads').Ratings} Ratings */
/** @typedef {import('../../payloads').ModelRating} ModelRating */
/** @typedef {import('./scales.js').Scale} Scale */

const NOTE =
  'Brackets and bars are 95 % intervals, ± is one standard error; votes on one prompt count as one ' +
  'witness. The rating is Bradley-Terry from all pairs: 400 points are odds of ten to one, and the ' +
  'baseline has 0. Equal length is what the rate would be if both answers were as long; where lengths ' +
  'differ much, that is a guess beyond the votes.';

/** @param {ModelRating} model */
const mark = ({bt, low, high}) => (low === null || high === null ? null : {low, middle: bt, high});

/** @param {ModelRating} model */
const isBaseline = ({name, baseline}) => name === baseline;

/** @param {ModelRating} model @param {Record<string, string>} titles */
function rate(model, titles) {
  const {win} = model;
  if (isBaseline(model)) return html`<span class="rl-faint">baseline</span>`;
  if (!win) return html`<span class="rl-faint">never met ${titles[model.baseline] ?? model.baseline}</span>`;
  const error = win.se === null ? NONE : number(win.se, 1); // votes that are all alike are not certain
  return html`${number(win.rate, 1)} ± ${error} %
    <span class="rl-sub">${interval(win.low, win.high, 1)}</span>`;
}

/** @param {ModelRating} model */
const tally = ({win, wins, losses, draws}) =>
  win
    ? html`${number(win.n)}<span class="rl-sub"
          >${wins} won, ${losses} lost${draws ? `, ${draws} even` : ''}</span
        >`
    : NONE;

/** @param {ModelRating} model */
const controlled = ({lc_win_rate: rate, lc_low: low, lc_high: high}) =>
  rate === null ? NONE : html`${number(rate, 1)} %<span class="rl-sub">${interval(low, high, 1)}</span>`;

/** @param {ModelRating} model @param {Ratings} ratings @param {Scale} scale */
const row = (model, {titles, islands}, scale) =>
  html`<tr>
    <td class="full">
      <b class="rl-model">${model.title}</b>
      ${isBaseline(model) ? badge('', null, 'Baseline') : nothing}
      <span class="rl-sub"
        >${count(model.votes, 'pair')}, ${number(Math.round(model.length))} characters an
        answer${islands.length > 1 ? `, group ${model.island + 1}` : ''}</span
      >
    </td>
    <td data-l="Win rate" class="r rl-num">${rate(model, titles)}</td>
    <td class="rl-hide-s">
      ${forest(model.win && {low: model.win.low, middle: model.win.rate, high: model.win.high}, RATES)}
    </td>
    <td data-l="Votes" class="r rl-num">${tally(model)}</td>
    <td data-l="At equal length" class="r rl-num">${controlled(model)}</td>
    <td data-l="Rating" class="r rl-num">
      ${isBaseline(model) ? 0 : signed(Math.round(model.bt), 0)}
      <span class="rl-sub">${isBaseline(model) ? '' : interval(model.low, model.high, 0) || NONE}</span>
    </td>
    <td class="rl-hide-s">${isBaseline(model) ? nothing : forest(mark(model), scale)}</td>
  </tr>`;

/** @param {Ratings} ratings */
export function models(ratings) {
  const title = 'Models';
  if (!ratings.models.length) {
    const text = 'Answers that were judged one by one are told below; a rating needs pairs.';
    return card({title, id: 'models'}, empty('No two models were compared yet', text));
  }
  const scale = around(ratings.models.flatMap(model => mark(model) ?? []));
  const sub = `${count(ratings.pairs, 'pair')} on ${count(ratings.prompts, 'prompt')}`;
  const body = html`<table class="rl-t rl-resp">
      <caption class="rl-vh">
        Models, the strongest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="colgroup" colspan="2" class="mid">Wins against the baseline</th>
          <th scope="col" class="r">Votes</th>
          <th scope="col" class="r">At equal length</th>
          <th scope="colgroup" colspan="2" class="mid">Rating</th>
        </tr>
      </thead>
      <tbody>
        ${ratings.models.map(model => row(model, ratings, scale))}
      </tbody>
    </table>
    <p class="rl-xs rl-faint rl-foot-note">${NOTE}</p>`;
  return card({title, sub, id: 'models'}, body);
}
