// A row of the table of runs.
import {badge, statusBadge} from '../../components/badge.js';
import {html, nothing} from '../../components/html.js';
import {NONE, interval, number} from '../../components/numbers.js';
import {elapsed} from '../../components/pace.js';
import {runLink} from '../../components/run_link.js';
import {ago, duration} from '../../components/times.js';
import {alarmName, outcome, runName} from '../../components/titles.js';
import {COLUMNS} from './query.js';

/** @typedef {import('../../components/html.js').View} View */
/** @typedef {import('../../payloads').RunRow} RunRow */
/** @typedef {import('../../payloads').RunCard} RunCard */

const WITH_REASON = ['failed', 'queued', 'stopped'];

/** @param {RunCard} run */
const name = run =>
  html`${runLink(run)}<span class="rl-sub"
      >${run.stage} · ${run.base}${run.attempt > 1 ? ` · attempt ${run.attempt}` : ''}</span
    >`;

/** @param {RunRow} row */
function status({run, alarm}) {
  const percent = run.status === 'running' && run.percent != null ? ` ${run.percent} %` : '';
  const kind = run.failure ? html`<b>${run.failure}.</b> ` : nothing;
  const reason = WITH_REASON.includes(run.status) && run.reason;
  return html`<span class="rl-row rl-wrap rl-tight"
      >${statusBadge(run, percent)}${alarm ? badge('warn', 'warn', alarmName(alarm)) : nothing}</span
    >${reason ? html`<span class="rl-sub rl-reason" title=${reason}>${kind}${reason}</span>` : nothing}`;
}

/** @param {RunCard} run */
function steps({step, total_steps: total}) {
  if (total) return `${number(step)} / ${number(total)}`;
  return step ? number(step) : NONE;
}

/** @param {RunRow} row */
function result({run, probe, outcome: found}) {
  if (run.output !== 'policy') return outcome({outcome: found}) || NONE;
  const gold = number(probe.gold, probe.gold == null ? undefined : 2);
  return html`${gold} <span class="rl-faint">${interval(probe.low, probe.high)}</span>`;
}

/** @param {RunRow} row @param {number} now */
function time({run, left}, now) {
  const ran = elapsed(run, now);
  const toGo = left ? html`<span class="rl-sub">${left}</span>` : nothing;
  return html`${ran == null ? NONE : duration(ran)}${toGo}`;
}

/**
 * @param {RunRow} row
 * @param {number} now s, in the app's time
 * @param {{isTicked: boolean, isFull: boolean, toggle: () => void}} tick
 */
export function row(row, now, {isTicked, isFull, toggle}) {
  const {run} = row;
  /** @type {View[]} in the order of COLUMNS */
  const cells = [
    name(run),
    status(row),
    steps(run),
    result(row),
    number(row.probe.kl),
    time(row, now),
    ago(now - run.created_at),
  ];
  const label = run.output === 'policy' ? null : 'Result';
  return html`<tr>
    <td>
      <input
        type="checkbox"
        aria-label=${`Draw ${runName(run)}`}
        .checked=${isTicked}
        ?disabled=${!isTicked && isFull}
        @change=${toggle}
      />
    </td>
    ${COLUMNS.map(({order, words, kind}, i) =>
      kind === 'full'
        ? html`<td class=${kind}>${cells[i]}</td>`
        : html`<td class=${kind} data-l=${(order === 'probe' && label) || words}>${cells[i]}</td>`,
    )}
  </tr>`;
}
