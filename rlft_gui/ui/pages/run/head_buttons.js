// What can be done with a run, the likeliest first.
import {address} from '../../components/address.js';
import {button, link} from '../../components/button.js';
import {runAddress} from '../../components/run_link.js';
import {actsOf, isPrimary, resumeWords} from './head_acts.js';
import {following} from './state_words.js';

/** @typedef {import('../../payloads').RunState} RunState */
/** @typedef {import('../../components/html.js').View} View */
/** @typedef {{stop: () => void, remove: () => void, resume: () => void, mend: () => void}} Acts */
/** @typedef {import('./head_acts.js').Act} Act */

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
  const isBatch = run.output === 'answers';
  const clone = isBatch ? address('/answers', {like: run.id}) : address('/new', {clone: run.id});
  switch (act) {
    case 'look':
      return link(runAddress(source ?? ''), 'Review rows', `rl-btn ${kind}`);
    case 'watch':
      return next && link(runAddress(next.id), `Watch ${next.stage}`, `rl-btn ${kind}`);
    case 'compare':
      return compare && link(address('/compare', {models: compare.models}), compare.words, `rl-btn ${kind}`);
    case 'answers':
      return link(address('/answers', {batch: run.id}), 'Table of answers', `rl-btn ${kind}`);
    case 'score':
      return link(address('/score', {models: run.id}), 'Score text', `rl-btn ${kind}`);
    case 'clone':
      return link(clone, isBatch ? 'Ask again' : 'Clone', 'rl-btn');
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
