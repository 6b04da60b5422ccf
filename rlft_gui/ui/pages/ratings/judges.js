// Judges beside people: whether they say the same both ways round, and what people say; who decides in a mix.
import {card} from '../../components/blocks.js';
import {html, nothing} from '../../components/html.js';
import {NONE, count, interval, number} from '../../components/numbers.js';
import {segment} from '../../components/segment.js';
import {table} from './details.js';
import {shares} from './judges_words.js';
import {forest} from './marks.js';
import {RATES} from './scales.js';

/** @typedef {import('../../payloads').JudgesStanding} JudgesStanding */
/** @typedef {import('../../payloads').JudgeFacts} JudgeFacts */
/** @typedef {import('../../payloads').CriterionAgreement} CriterionAgreement */

/** @type {[string, string][]} */
const COLUMNS = [
  ['Judge', ''],
  ['Same winner both ways', 'r'],
  ['Shown first got', 'r'],
  ['Asked about', ''],
  ['Says what people say', 'r'],
  ['95 % interval', ''],
];

/** @param {string} name @param {number} pairs */
const who = (name, pairs) =>
  html`<b class="rl-model">${name}</b><span class="rl-sub">${count(pairs, 'pair')}</span>`;

/** @param {JudgeFacts} judge @param {CriterionAgreement} one @param {boolean} isFirst */
const row = ({name, pairs, consistent, first}, {criterion, same, ties}, isFirst) =>
  html`<tr>
    <td class="full">${isFirst ? who(name, pairs) : nothing}</td>
    <td data-l="Same winner both ways" class="r rl-num">
      ${isFirst && consistent !== null ? html`${number(100 * consistent, 0)} %` : isFirst ? NONE : nothing}
    </td>
    <td data-l="Shown first got" class="r rl-num">
      ${isFirst && first !== null ? number(first, 2) : isFirst ? NONE : nothing}
    </td>
    <td data-l="Asked about">${criterion}</td>
    <td data-l="Says what people say" class="r rl-num">
      ${
        same
          ? html`${number(same.rate, 0)} % <span class="rl-faint">${interval(same.low, same.high, 0)}</span
              ><span class="rl-sub"
                >${count(same.n, 'verdict')}${ties ? html`, ${count(ties, 'tie')} left out` : nothing}</span
              >`
          : NONE
      }
    </td>
    <td class="rl-hide-s">
      ${same ? forest({low: same.low, middle: same.rate, high: same.high}, RATES) : nothing}
    </td>
  </tr>`;

/** @type {[string, string][]} */
const SHARES = [
  ['all', 'All pairs'],
  ['unsure', 'Only what judges are unsure of'],
];

/** @typedef {'all' | 'unsure'} Asked */

/** @param {Asked} value @param {(asked: Asked) => void} share */
const shared = (value, share) =>
  html`<div class="rl-tools rl-judging-share">
    <span>People are asked about</span>${segment(
      {label: 'People are asked about', name: 'rl-ratings-share', value, options: SHARES},
      asked => share(/** @type {Asked} */ (asked)),
    )}
  </div>`;

/**
 * @param {JudgesStanding | null} standing
 * @param {(asked: Asked) => void} share says which pairs people are asked about
 */
export function judges(standing, share) {
  if (!standing?.judges.length) return nothing;
  const rows = standing.judges.map(judge =>
    judge.agreement.map((one, place) => row(judge, one, place === 0)),
  );
  const body = html`${table('Judges beside people', COLUMNS, html`${rows}`)}
    <div class="rl-small rl-foot-note">
      <p>${shares(standing.mix)}</p>
      ${standing.asked ? shared(standing.asked, share) : nothing}
    </div>`;
  return card({title: 'Judges beside people', id: 'judges'}, body);
}
