// What runs now and what waits, a card each.
import {badge, statusBadge} from '../../components/badge.js';
import {progress} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {html, nothing} from '../../components/html.js';
import {inside} from '../../components/address.js';
import {number} from '../../components/numbers.js';
import {elapsed, secondsPerStep} from '../../components/pace.js';
import {runAddress, runLink} from '../../components/run_link.js';
import {alarmName, runName} from '../../components/titles.js';

/** @typedef {import('../../payloads').LiveRun} LiveRun */
/** @typedef {import('../../payloads').QueuedRun} QueuedRun */
/** @typedef {import('../../payloads').RunCard} RunCard */

/** @param {RunCard} run */
function place({step, total_steps: total, phase}) {
  if (total) return `Step ${number(step)} of ${number(total)}`;
  return phase === 'loading' ? 'Loading model and data' : 'Starting';
}

/** @param {RunCard} run @param {number} now s, in the app's time */
function done(run, now) {
  const pace = secondsPerStep({...run, elapsed: elapsed(run, now)});
  return [
    place(run),
    run.percent != null && `${run.percent} %`,
    pace && `${number(pace, pace < 10 ? 1 : 0)} s per step`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** @param {LiveRun} live @param {number} now s, in the app's time @param {string} left in words */
export const liveCard = ({run, alarm}, now, left) =>
  html`<div class="rl-runcard">
    <div class="rl-row rl-between rl-wrap">
      <div class="rl-row rl-wrap">
        ${runLink(run, runName(run))}
        <span class="rl-row rl-wrap"
          >${statusBadge(run)}${
            alarm ? badge('warn', 'warn', `${alarmName(alarm.name)} since step ${alarm.step}`) : nothing
          }</span
        >
      </div>
      <a class="rl-btn sm rl-hide-s" href=${inside(runAddress(run.id))} aria-label=${`Open ${runName(run)}`}
        >Open</a
      >
    </div>
    ${progress(run.percent, runName(run))}
    <div class="rl-row rl-between rl-wrap rl-small rl-muted">
      <span class="rl-num">${done(run, now)}</span><span class="rl-num">${left}</span>
    </div>
  </div>`;

/** @param {QueuedRun} queued @param {(run: RunCard) => void} remove */
export const queuedCard = ({run, review}, remove) =>
  html`<div class="rl-runcard">
    <div class="rl-row rl-between rl-wrap">
      <div class="rl-row rl-wrap">${runLink(run, runName(run))}${statusBadge(run)}</div>
      <span class="rl-acts"
        >${review ? link(runAddress(review), 'Review rows', 'rl-btn sm') : nothing}${button(
          'Remove from queue',
          () => remove(run),
          {kind: 'sm'},
        )}</span
      >
    </div>
    <p class="rl-small rl-muted">${run.reason ?? 'Waits for its turn.'}</p>
  </div>`;
