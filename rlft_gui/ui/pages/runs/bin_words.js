// What the bin says, and asks before something goes for good.
import {bytes, count} from '../../components/numbers.js';
import {runName} from '../../components/titles.js';

/** @typedef {import('../../payloads').BinnedRun} BinnedRun */
/** @typedef {import('../../components/question.js').Question} Question */

const DAY = 86_400; // s

/** @param {number} seconds until it goes */
export function goesIn(seconds) {
  if (seconds < 3600) return 'soon';
  return seconds < DAY
    ? `in ${Math.round(seconds / 3600)} h`
    : `in ${count(Math.floor(seconds / DAY), 'day')}`;
}

/** Bytes of all. @param {readonly BinnedRun[]} runs */
export const total = runs => runs.reduce((sum, run) => sum + run.bytes, 0);

/** @param {BinnedRun} run @param {() => Promise<unknown>} act @returns {Question} */
export const purging = (run, act) => ({
  title: `Delete ${runName(run)} for good?`,
  text: `All that it made is removed, ${bytes(run.bytes)} in all. Nothing brings it back.`,
  yes: 'Delete for good',
  no: 'Keep it in the bin',
  act,
});

/** @param {readonly BinnedRun[]} runs @param {() => Promise<unknown>} act @returns {Question} */
export const emptying = (runs, act) => ({
  title: `Delete ${count(runs.length, 'run')} for good?`,
  text: `All that lies in the bin is removed, ${bytes(total(runs))} in all. Nothing brings it back.`,
  yes: 'Empty the bin',
  no: 'Keep it',
  act,
});
