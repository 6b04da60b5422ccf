// How far a run is, how fast, and how long it has to go.
import {progress} from '../../components/blocks.js';
import {html} from '../../components/html.js';
import {number} from '../../components/numbers.js';
import {elapsed, secondsPerStep} from '../../components/pace.js';
import {phase, unit} from './state_words.js';

/** @typedef {import('../../payloads').RunCard} RunCard */

/** Whether there is anything to show. @param {RunCard} run */
export const hasProgress = run =>
  run.live || Boolean(run.step && run.total_steps && run.status !== 'succeeded');

/** @param {RunCard} run @param {number} now s, in the app's time */
function pace(run, now) {
  const seconds = run.live ? secondsPerStep({...run, elapsed: elapsed(run, now)}) : null;
  return seconds ? ` · ${number(seconds, seconds < 10 ? 1 : 0)} s per ${unit(run)}` : '';
}

/**
 * @param {RunCard} run
 * @param {{now: number, left: string}} clock
 */
export function progressLine(run, {now, left}) {
  const counted = unit(run) === 'prompt' ? 'Prompt' : 'Step';
  const done = run.total_steps ? `${counted} ${number(run.step)} of ${number(run.total_steps)}` : phase(run);
  const percent = run.percent == null ? '' : ` · ${run.percent} %`;
  return html`<div ?hidden=${!hasProgress(run)}>
    <div class="rl-row rl-between rl-small rl-muted rl-wrap">
      <span class="rl-num"><b class="rl-strong">${done}</b>${percent}${pace(run, now)}</span>
      <span class="rl-num">${run.live ? left : ''}</span>
    </div>
    ${progress(run.percent, 'Progress')}
  </div>`;
}
