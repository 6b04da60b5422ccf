// What a pane says: its answer's state, where it comes from, and what it is measured against.
import {diffWords} from '../../components/diff.js';
import {count, number} from '../../components/numbers.js';

/** @typedef {import('../../payloads').Comparison} Comparison */
/** @typedef {import('../../payloads').Generation} Generation */
/** @typedef {import('../../payloads').Pane} Pane */
/** @typedef {import('../../components/badge.js').Kind} Kind */
/** @typedef {import('../../components/icon.js').IconName} IconName */
/** @typedef {import('./query.js').Against} Against */
/** @typedef {{pane: Pane, answer: Generation}} Answered */

/** Of a comparison or one of its answers. @param {{status: Generation['status']}} of */
export const isOver = ({status}) => status === 'done' || status === 'failed';

/**
 * How a comparison has ended, in a sentence that is said.
 * @param {Pick<Comparison, 'generations'>} comparison
 */
export function outcome({generations}) {
  const failed = generations.filter(({status}) => status === 'failed').length;
  if (!failed) return 'All answers are complete.';
  return failed === generations.length ? 'All answers failed.' : `${count(failed, 'answer')} failed.`;
}

/**
 * Who answered a prompt and what, in the order shown.
 * @param {Comparison} comparison
 * @param {number} promptIndex
 * @returns {Answered[]}
 */
export const answersTo = ({panes, generations}, promptIndex) =>
  generations
    .filter(answer => answer.prompt_index === promptIndex)
    .sort((a, b) => a.pane - b.pane)
    .map(answer => ({pane: panes[answer.pane], answer}));

/**
 * The text that an answer is marked against; null for none.
 * @param {Answered[]} all
 * @param {Answered} own
 * @param {Against} against
 */
export function referenceOf(all, own, against) {
  if (against === 'off') return null;
  const other = against === 'base' ? all.find(({pane}) => pane.model === 'base') : all[0];
  return other && other !== own ? other.answer.text : null;
}

/**
 * An answer in pieces, those that the other one lacks as new. Spaces before words stand outside of what is
 * marked.
 * @param {string} text
 * @param {string | null} other
 * @returns {{space: string, words: string, kind: 'new' | 'same' | 'plain'}[]}
 */
export function pieces(text, other) {
  if (other === null) return text ? [{space: '', words: text, kind: 'plain'}] : [];
  return diffWords(other, text)
    .filter(piece => piece.kind !== 'gone')
    .map(({kind, text: piece}) => {
      const words = piece.trimStart();
      return {
        space: piece.slice(0, piece.length - words.length),
        words,
        kind: kind === 'new' ? 'new' : 'same',
      };
    });
}

/** @param {Pane} pane */
export const called = ({model, title}) => (model === 'base' ? 'Base' : title);

/**
 * The checkpoint that really answered, as soon as it is known; until then, what was asked for. `run` is
 * null for
 * a base.
 * @param {Answered} answered
 */
export function originOf({pane: {model, title}, answer: {checkpoint}}) {
  if (model === 'base') {
    const which = checkpoint && checkpoint !== 'base' ? checkpoint : 'no adapter';
    return {run: null, words: `${title} · ${which}`};
  }
  const [run, step] = (checkpoint ?? model).split('@');
  return {run, words: step ? `, step ${step}` : ', last checkpoint'};
}

/**
 * Size, time and end of an answer, as far as they are known.
 * @param {Generation} answer
 * @returns {string[]}
 */
export function measured({status, tokens, seconds, finish}) {
  if (status === 'waiting') return ['–'];
  if (status !== 'writing')
    return [count(tokens, 'token'), `${number(seconds, 1)} s`, ...(finish ? [finish] : [])];
  const rate = seconds > 0 ? tokens / seconds : 0;
  return [`${count(tokens, 'token')} so far`, ...(rate ? [`${Math.round(rate)} tokens/s`] : [])];
}

/** @type {Record<string, [Kind, IconName | 'live', string]>} */
const BADGES = {
  failed: ['bad', 'x', 'Failed'],
  stopped: ['', 'stop', 'Stopped'],
  done: ['good', 'check', 'Done'],
  writing: ['run', 'live', 'Writing'],
  waiting: ['', 'clock', 'Waiting'],
};

/** Kind, mark and word of an answer's badge. @param {Generation} answer */
export const badgeOf = ({status, finish}) =>
  BADGES[status === 'done' && finish === 'stopped' ? 'stopped' : status];
