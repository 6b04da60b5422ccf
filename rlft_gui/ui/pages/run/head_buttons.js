// What can be done with a run, the likeliest first.
import {address} from '../../components/address.js';
import {button, link} from '../../components/button.js';
import {runAddress} from '../../components/run_link.js';
import {awaiting, following} from './state_words.js';

/** @typedef {import('../../payloads').RunState} RunState */
/** @typedef {import('../../components/html.js').View} View */
/** @typedef {{stop: () => void, remove: () => void, resume: () => void}} Acts */
/**
 * @typedef {'look' | 'watch' | 'compare' | 'change' | 'clone' | 'unqueue' | 'stop' | 'resume' | 'remove'} Act
 */

/**
 * Which buttons a run has in its state; the first of them is the primary one where `isPrimary` says so.
 * @param {RunState} state
 * @returns {Act[]}
 */
export function actsOf(state) {
  const {run, compare, look_at: source, fails_again: failsAgain} = state;
  if (run.status === 'queued')
    return [...(source ? /** @type {Act[]} */ (['look']) : []), 'clone', 'unqueue'];
  if (run.status === 'stopping') return ['clone'];
  if (run.live) return ['clone', 'stop'];
  if (run.status !== 'succeeded')
    return failsAgain ? ['change', 'resume', 'remove'] : ['resume', 'clone', 'remove'];
  const side = /** @type {Act[]} */ (compare ? ['compare'] : []);
  return following(state) ? ['watch', ...side, 'clone'] : [...side, 'clone', 'remove'];
}

/**
 * Whether an act is what the page suggests.
 * @param {Act} act
 * @param {RunState} state
 */
export function isPrimary(act, state) {
  const isHeld = Boolean(awaiting(state)); // then letting the rows pass is what it suggests
  if (act === 'look' || act === 'change') return true;
  if (act === 'watch') return !isHeld;
  if (act === 'compare') return !isHeld && !following(state);
  return act === 'resume' && !state.fails_again;
}

/** @param {RunState} state */
export function resumeWords({run, checkpoint}) {
  if (checkpoint) return `Resume from step ${checkpoint.step}`;
  return run.output === 'rows' && run.step ? `Resume from prompt ${run.step}` : 'Start again';
}

/**
 * @param {Act} act
 * @param {RunState} state
 * @param {Acts} acts
 * @returns {View}
 */
function view(act, state, {stop, remove, resume}) {
  const {run, compare, look_at: source} = state;
  const kind = isPrimary(act, state) ? 'primary' : '';
  const next = following(state);
  const clone = address('/new', {clone: run.id});
  switch (act) {
    case 'look':
      return link(runAddress(source ?? ''), 'Review rows', `rl-btn ${kind}`);
    case 'watch':
      return next && link(runAddress(next.id), `Watch ${next.stage}`, `rl-btn ${kind}`);
    case 'compare':
      return compare && link(address('/compare', {models: compare.models}), compare.words, `rl-btn ${kind}`);
    case 'change':
      return link(clone, 'Change and run again', `rl-btn ${kind}`);
    case 'clone':
      return link(clone, 'Clone', 'rl-btn');
    case 'unqueue':
      return button('Remove from queue', stop, {kind: 'danger', mark: 'stop'});
    case 'stop':
      return button('Stop', stop, {kind: 'danger', mark: 'stop'});
    case 'resume':
      return button(resumeWords(state), resume, {kind});
    case 'remove':
      return button('Delete', remove, {kind: 'danger'});
  }
}

/** @param {RunState} state @param {Acts} acts */
export const headButtons = (state, acts) => actsOf(state).map(act => view(act, state, acts));
