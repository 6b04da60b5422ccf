// One sentence on what needs the reader.
import {spelled} from '../../components/numbers.js';

/** @typedef {import('../../payloads').HomeState} HomeState */

/** @param {HomeState} state */
export const isEmpty = ({live, queued, results}) => !live.length && !queued.length && !results.length;

/** @param {HomeState} state */
function going({live, queued}) {
  const parts = [];
  if (live.length)
    parts.push(`${spelled(live.length)} ${live.length === 1 ? 'run is' : 'runs are'} training`);
  if (queued.length) {
    const amount = parts.length ? spelled(queued.length).toLowerCase() : spelled(queued.length);
    parts.push(`${amount} ${queued.length === 1 ? 'is' : 'are'} waiting`);
  }
  return parts.length ? `${parts.join(' and ')}.` : 'Nothing is running.';
}

/** @param {HomeState} state */
export function sentence(state) {
  if (isEmpty(state)) return 'Nothing has been trained here yet.';
  const alarms = state.live.filter(({alarm}) => alarm).length;
  const reviews = new Set(state.queued.map(({review}) => review).filter(Boolean)).size;
  return [
    going(state),
    alarms && `${spelled(alarms)} ${alarms === 1 ? 'alarm needs' : 'alarms need'} a look.`,
    reviews &&
      `Rows of ${spelled(reviews).toLowerCase()} ${reviews === 1 ? 'run wait' : 'runs wait'} for you.`,
    state.results[0]?.run.status === 'failed' && 'The last run failed.',
  ]
    .filter(Boolean)
    .join(' ');
}
