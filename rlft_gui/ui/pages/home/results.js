// "Last results": the probe of the newest runs on one shared scale, and what training gained, with its
// interval.
import {badge, statusBadge} from '../../components/badge.js';
import {card, empty} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {html, nothing, svg} from '../../components/html.js';
import {NONE, interval, number, signed} from '../../components/numbers.js';
import {runLink} from '../../components/run_link.js';
import {alarmName, outcome} from '../../components/titles.js';
import {goldRange, placed, rangeOf, reachOf} from './scales.js';

/** @typedef {import('../../payloads').RunResult} RunResult */
/** @typedef {import('./scales.js').Range} Range */

const SPARK = {width: 96, height: 28};
const FOREST = {width: 112, height: 36};
const NOTE =
  'One seed each. Its start is the base model or the run it continues, probed at step 0 on the same ' +
  'prompts; the interval counts them as different ones, so it is wider than it need be. A run on data of ' +
  'one’s own is judged by the loss on its held-out rows.';

/** @param {number[][]} points */
const path = points => points.map(point => point.map(at => at.toFixed(1)).join()).join(' ');

/** @param {RunResult} result @param {Range} shared */
function spark(result, shared) {
  const {curve, run, measured_by: measure} = result;
  if (curve.length < 2) return html`<span class="rl-faint">${NONE}</span>`;
  const points = placed(curve, rangeOf(result, shared), SPARK);
  const [x, y] = points[points.length - 1];
  const ends = [curve[0], curve[curve.length - 1]].map(([, value]) => number(value, 2));
  const what = measure === 'own' ? 'Held-out loss' : 'Probe';
  return html`<svg
    viewBox=${`0 0 ${SPARK.width} ${SPARK.height}`}
    class=${`rl-spark rl-m-${run.palette}`}
    role="img"
    aria-label=${`${what} from ${ends[0]} to ${ends[1]}`}
  >
    ${svg`<polyline points=${path(points)}></polyline>`} ${svg`<circle cx=${x} cy=${y} r="3"></circle>`}
  </svg>`;
}

/** @param {RunResult} result @param {number} reach */
function forest({run, gain, measured_by: measure}, reach) {
  if (!gain || measure === 'own') return nothing;
  const middle = FOREST.height / 2;
  /** @param {number} value */
  const at = value => (FOREST.width / 2 + (value / reach) * (FOREST.width / 2 - 4)).toFixed(1);
  return html`<svg
    viewBox=${`0 0 ${FOREST.width} ${FOREST.height}`}
    class=${`rl-forest rl-m-${run.palette}`}
    aria-hidden="true"
  >
    ${svg`<path class="z" d=${`M${at(0)} 0V${FOREST.height}`}></path>`}
    ${svg`<path d=${`M${at(gain.low)} ${middle}H${at(gain.high)}`}></path>`}
    ${svg`<circle cx=${at(gain.delta)} cy=${middle} r="4"></circle>`}
  </svg>`;
}

/**
 * Own data is judged by its held-out rows; what the suite says is a side effect.
 * @param {RunResult} result
 */
function gained({measured_by: measure, gain, loss_change: change}) {
  const range = gain && interval(gain.low, gain.high);
  if (measure !== 'own')
    return gain ? html`${signed(gain.delta)} <span class="rl-faint">${range}</span>` : NONE;
  const suite =
    gain &&
    html`<span class="rl-sub">Lantern’s own skills</span
      ><span class="rl-sub">${signed(gain.delta)} ${range}</span>`;
  return html`${change == null ? NONE : `${signed(change)} held-out loss`}${suite}`;
}

/** @param {RunResult} result */
function verdict({run, alarm, verdict: word}) {
  if (run.status !== 'succeeded') return statusBadge(run);
  if (alarm) return badge('warn', 'warn', `${alarmName(alarm.name)}, step ${alarm.step}`);
  if (word === 'higher') return badge('good', 'up', 'Higher than at its start');
  if (word === 'lower') return badge('warn', 'down', 'Lower than at its start');
  return word === 'unclear' ? badge('', 'dash', 'Too close to tell') : statusBadge(run);
}

/** @param {RunResult} result @param {Range} shared @param {number} reach */
const row = (result, shared, reach) =>
  html`<tr>
    <td class="full">
      ${runLink(result.run)}<span class="rl-sub">${result.run.stage} · ${result.run.base}</span>
    </td>
    <td data-l="Over time">${spark(result, shared)}</td>
    <td data-l="Result" class="r rl-num">${outcome(result) || NONE}</td>
    <td class="rl-hide-s">${forest(result, reach)}</td>
    <td data-l="Against its start" class="rl-num">${gained(result)}</td>
    <td data-l="Verdict">${verdict(result)}</td>
  </tr>`;

/** @param {RunResult[]} results */
const table = results =>
  html`<table class="rl-t rl-resp rl-results">
      <caption class="rl-vh">
        Last results
      </caption>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">Over time</th>
          <th scope="col" class="r">Result</th>
          <th scope="colgroup" colspan="2">Against its start, with 95 % interval</th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        ${results.map(result => row(result, goldRange(results), reachOf(results)))}
      </tbody>
    </table>
    <p class="rl-xs rl-faint rl-results-note">${NOTE}</p>`;

/** @param {RunResult[]} results */
export function lastResults(results) {
  const title = 'Last results';
  if (!results.length) {
    const text = 'The first finished run shows its probe score here, with an interval.';
    return card({title, id: 'last-results'}, empty('No results yet', text));
  }
  const sub = 'question: did training raise the probe on held-out prompts?';
  const tools = link('/runs', 'All runs', 'rl-small rl-nw');
  return card({title, sub, tools, id: 'last-results'}, table(results));
}
