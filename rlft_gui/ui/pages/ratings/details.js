// What lies behind the ratings: kinds of prompts, points by attribute, and who judged.
import {card} from '../../components/blocks.js';
import {html, nothing} from '../../components/html.js';
import {kindName} from '../../components/kinds.js';
import {NONE, count, interval, number} from '../../components/numbers.js';
import {forest} from './marks.js';
import {RATES} from './scales.js';

/** @typedef {import('../../payloads').Ratings} Ratings */
/** @typedef {import('../../payloads').RaterFacts} RaterFacts */
/** @typedef {import('../../components/html.js').View} View */

const CEILING = 'A reward model cannot be expected to guess these votes better than that.';
/** @type {Record<string, string>} */
const WHO = {person: 'person', judge: 'judge', simulated: 'simulated'};
/** @type {Record<string, string>} */
const ALL = {person: 'People', judge: 'Judges', simulated: 'Simulated raters'};

/**
 * @param {string} caption
 * @param {[string, string][]} columns words and class
 * @param {View} rows
 */
export const table = (caption, columns, rows) =>
  html`<div class="rl-scroll" role="region" aria-label=${caption} tabindex="0">
    <table class="rl-t rl-resp">
      <caption class="rl-vh">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(([words, kind]) => html`<th scope="col" class=${kind}>${words}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

/** @param {Ratings} ratings */
export function kinds({kinds: rates, titles}) {
  if (!rates.length) return nothing;
  const rows = rates.map(
    ({kind, model, win}) =>
      html`<tr>
        <td data-l="Kind">${kindName(kind)}</td>
        <td data-l="Model">${titles[model] ?? model}</td>
        <td data-l="Win rate" class="r rl-num">
          ${number(win.rate, 1)} % <span class="rl-faint">${interval(win.low, win.high, 1)}</span>
        </td>
        <td class="rl-hide-s">${forest({low: win.low, middle: win.rate, high: win.high}, RATES)}</td>
        <td data-l="Votes" class="r rl-num">${number(win.n)}</td>
      </tr>`,
  );
  /** @type {[string, string][]} */
  const columns = [
    ['Kind', ''],
    ['Model', ''],
    ['Win rate', 'r'],
    ['95 % interval', ''],
    ['Votes', 'r'],
  ];
  return card({title: 'By kind of prompt', id: 'kinds'}, table('Win rates by kind of prompt', columns, rows));
}

/** @param {number | null} low @param {number} middle @param {number | null} high */
const drawn = (low, middle, high) => (low === null || high === null ? null : {low, middle, high});

/** @param {Ratings} ratings */
export function criteria({criteria: means, titles}) {
  if (!means.length) return nothing;
  const rows = means.map(
    ({criterion, model, mean, low, high, scale, n}) =>
      html`<tr>
        <td data-l="Attribute">${criterion}</td>
        <td data-l="Model">${titles[model] ?? model}</td>
        <td data-l="Points" class="r rl-num">
          ${number(mean, 2)} of ${number(scale)}
          <span class="rl-faint">${interval(low, high, 2) || NONE}</span>
        </td>
        <td class="rl-hide-s">${forest(drawn(low, mean, high), {from: 0, to: scale, zero: null})}</td>
        <td data-l="Votes" class="r rl-num">${number(n)}</td>
      </tr>`,
  );
  /** @type {[string, string][]} */
  const columns = [
    ['Attribute', ''],
    ['Model', ''],
    ['Points', 'r'],
    ['95 % interval', ''],
    ['Votes', 'r'],
  ];
  return card({title: 'By attribute', id: 'criteria'}, table('Points by attribute', columns, rows));
}

/** @param {number | null} percent @param {number} of @param {string} what */
const share = (percent, of, what) =>
  percent === null ? NONE : html`${number(percent, 0)} %<span class="rl-sub">${count(of, what)}</span>`;

/** @param {RaterFacts} rater */
const raterRow = rater =>
  html`<tr>
    <td class="full"><b class="rl-model">${rater.name}</b><span class="rl-sub">${WHO[rater.kind]}</span></td>
    <td data-l="Votes" class="r rl-num">${number(rater.pairs + rater.answers)}</td>
    <td data-l="Like people" class="r rl-num">${share(rater.with_others, rater.meetings, 'meeting')}</td>
    <td data-l="Like before" class="r rl-num">${share(rater.with_itself, rater.repeats, 'repeat')}</td>
    <td data-l="Checks right" class="r rl-num">${share(rater.checks_right, rater.checks, 'check')}</td>
    <td data-l="Left won" class="r rl-num">
      ${
        rater.left
          ? html`${number(rater.left.rate, 0)} %<span class="rl-sub"
                >${interval(rater.left.low, rater.left.high, 0)}</span
              >`
          : NONE
      }
    </td>
    <td data-l="Too fast" class="r rl-num">${rater.too_fast || NONE}</td>
  </tr>`;

/** @param {Ratings} ratings */
const agreed = ({agreement}) =>
  agreement.map(
    ({kind, alpha, same, pairs, raters}) =>
      html`<p class="rl-small rl-foot-note">
        ${ALL[kind]}: ${count(raters, 'rater')} met on ${count(pairs, 'pair')} and said the same in
        ${number(same, 0)} % of meetings${alpha === null ? '' : `; Krippendorff’s α ${number(alpha, 2)}`}.
        ${kind === 'person' ? CEILING : ''}
      </p>`,
  );

/** @param {Ratings} ratings */
export function raters(ratings) {
  if (!ratings.raters.length) return nothing;
  /** @type {[string, string][]} */
  const columns = [
    ['Rater', ''],
    ['Votes', 'r'],
    ['Said what people said', 'r'],
    ['Said what it said before', 'r'],
    ['Checks right', 'r'],
    ['Left answer won', 'r'],
    ['Too fast', 'r'],
  ];
  const body = html`${table('Raters', columns, ratings.raters.map(raterRow))} ${agreed(ratings)}`;
  return card({title: 'Raters', id: 'raters'}, body);
}
