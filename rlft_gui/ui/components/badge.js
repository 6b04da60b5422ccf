// Badges: a state in one or two words, with an icon so that colour is never the only sign.
import {html} from './html.js';
import {icon, liveDot} from './icon.js';

/** @typedef {import('./html.js').View} View */
/** @typedef {import('./icon.js').IconName} IconName */
/** @typedef {'' | 'run' | 'good' | 'warn' | 'bad'} Kind */

/**
 * @param {Kind} kind
 * @param {IconName | 'live' | null} mark
 * @param {View} words
 */
export const badge = (kind, mark, words) =>
  html`<span class=${`rl-badge ${kind}`}>${mark === 'live' ? liveDot() : mark && icon(mark)}${words}</span>`;

/** @type {Record<string, [Kind, IconName | 'live', string]>} */
const STATUS = {
  queued: ['', 'clock', 'Queued'],
  starting: ['run', 'live', 'Starting'],
  running: ['run', 'live', 'Running'],
  stopping: ['', 'stop', 'Stopping'],
  stopped: ['', 'stop', 'Stopped'],
  succeeded: ['good', 'check', 'Succeeded'],
  failed: ['bad', 'x', 'Failed'],
};

/** @param {{status: string}} run @param {string} [more] after the word */
export function statusBadge({status}, more = '') {
  const [kind, mark, word] = STATUS[status];
  return badge(kind, mark, word + more);
}

/** @param {{status: string}} run */
export function statusIcon({status}) {
  const [, mark] = STATUS[status];
  return icon(mark === 'live' ? 'play' : mark);
}
