// Which acts a run offers in its state, and which of them the page suggests.
import {awaiting, following} from './state_words.js';

/** @typedef {import('../../payloads').RunState} RunState */
/** @typedef {'look' | 'watch' | 'compare' | 'answers' | 'score' | 'clone'} Onward */
/** @typedef {Onward | 'unqueue' | 'stop' | 'resume' | 'remove'} Act */

/**
 * Which buttons a run has in its state; the first of them is the primary one where `isPrimary` says so.
 * @param {RunState} state
 * @returns {Act[]}
 */
export function actsOf(state) {
  const {run, compare, look_at: source, failure} = state;
  if (run.output === 'answers') return ['answers', ...actsOfBatch(run, failure)];
  if (run.status === 'queued')
    return [...(source ? /** @type {Act[]} */ (['look']) : []), 'clone', 'unqueue'];
  if (run.status === 'stopping') return ['clone'];
  if (run.live) return ['clone', 'stop'];
  if (run.status !== 'succeeded') return failure ? besideMend(failure.mend) : ['resume', 'clone', 'remove'];
  const side = /** @type {Act[]} */ (scores(state) ? ['score'] : compare ? ['compare'] : []);
  return following(state) ? ['watch', ...side, 'clone'] : [...side, 'clone', 'remove'];
}

/** What else there is beside the button of a failure. @param {import('../../payloads').Mend} mend @returns {Act[]} */
function besideMend({act}) {
  return act === 'resume'
    ? ['clone', 'remove']
    : act === 'clone'
      ? ['resume', 'clone', 'remove']
      : ['resume', 'remove'];
}

/**
 * Beside the table of its answers, which is always there.
 * @param {RunState['run']} run
 * @param {RunState['failure']} failure
 * @returns {Act[]}
 */
function actsOfBatch(run, failure) {
  if (run.status === 'queued') return ['clone', 'unqueue'];
  if (run.status === 'stopping') return ['clone'];
  if (run.live) return ['clone', 'stop'];
  if (failure) return besideMend(failure.mend);
  return run.status === 'succeeded' ? ['clone', 'remove'] : ['resume', 'clone', 'remove'];
}

/** Whether it is a reward model that has something to score with. @param {RunState} state */
const scores = ({run, checkpoint}) => run.output === 'reward_model' && Boolean(checkpoint);

/**
 * Whether an act is what the page suggests.
 * @param {Act} act
 * @param {RunState} state
 */
export function isPrimary(act, state) {
  const isHeld = Boolean(awaiting(state)); // then letting the rows pass is what it suggests
  if (act === 'look') return true;
  if (act === 'answers') return !['failed', 'stopped'].includes(state.run.status);
  if (act === 'watch') return !isHeld;
  if (act === 'compare' || act === 'score') return !isHeld && !following(state);
  return act === 'resume' && !state.failure;
}

/** @param {RunState} state */
export function resumeWords({run, checkpoint}) {
  if (checkpoint) return `Resume from step ${checkpoint.step}`;
  if (run.output === 'answers' && run.step) return `Resume from answer ${run.step}`;
  return run.output === 'rows' && run.step ? `Resume from prompt ${run.step}` : 'Start again';
}
