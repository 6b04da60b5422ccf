// What a pane says: its answer's state, where it comes from, and what it is measured against.
import {diffWords} from '../../components/diff.js';
import {count, number} from '../../components/numbers.js';
import {isBase} from './choices.js';
import {drawsOf, shownOf, wentOnFrom} from './draws.js';
import {isEndpoint} from './endpoints.js';

/** @typedef {import('../../payloads').Comparison} Comparison */
/** @typedef {import('../../payloads').Generation} Generation */
/** @typedef {import('../../payloads').Pane} Pane */
/** @typedef {import('../../components/badge.js').Kind} Kind */
/** @typedef {import('../../components/icon.js').IconName} IconName */
/** @typedef {import('./query.js').Against} Against */
/** @typedef {import('./draws.js').Shown} Shown */
/**
 * `answer`: the one that is shown, of `draws`.
 * @typedef {{pane: Pane, answer: Generation, draws: Generation[]}} Answered
 */

const FEWEST_ALIKE = 3; // words that answers begin with alike, before that is worth a word

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
 * Who answered a prompt and what is shown of it, in the order of the panes.
 * @param {Comparison} comparison
 * @param {number} turn
 * @param {Shown} shown
 * @returns {Answered[]}
 */
export const answersTo = (comparison, turn, shown) =>
  comparison.panes.flatMap((pane, i) => {
    const draws = drawsOf(comparison, turn, i);
    return draws.length ? [{pane, draws, answer: shownOf(draws, shown, comparison.draws)}] : [];
  });

/**
 * In words, which answer of the turn before this one goes on from; "" where that one is shown.
 * @param {Comparison} comparison
 * @param {Answered} answered
 * @param {Shown} shown
 */
export function goesOnFrom(comparison, {answer}, shown) {
  const from = wentOnFrom(comparison, answer);
  if (!from) return '';
  const before = drawsOf(comparison, from.prompt_index, from.pane);
  return shownOf(before, shown, comparison.draws) === from ? '' : `goes on from seed ${from.seed}`;
}

/**
 * The text that an answer is marked against; null for none.
 * @param {Answered[]} all
 * @param {Answered} own
 * @param {Against} against
 */
export function referenceOf(all, own, against) {
  if (against === 'off') return null;
  const number = Number(/^pane (\d+)$/.exec(against)?.[1] ?? 1);
  const other =
    against === 'base'
      ? all.find(({pane}) => isBase(pane.model))
      : all.find(({answer}) => answer.pane === number - 1);
  return other && other !== own ? other.answer.text : null;
}

/**
 * The words that all answers begin with alike; empty where they are few, or there is one answer only.
 * @param {Answered[]} all
 */
export function openingOf(all) {
  const texts = all.map(({answer}) => answer.text).filter(Boolean);
  if (texts.length < 2) return '';
  const words = texts.map(text => text.match(/\s*\S+/g) ?? []);
  const alike = words[0].findIndex((word, i) => words.some(other => other[i] !== word));
  const kept = alike < 0 ? words[0] : words[0].slice(0, alike);
  return kept.length < FEWEST_ALIKE ? '' : kept.join('');
}

/**
 * An answer in pieces, those that the other one lacks as new. Spaces before words stand outside of what is
 * marked. Without another one, what all begin with alike is told from the rest.
 * @param {string} text
 * @param {string | null} other
 * @param {string} [opening]
 * @returns {{space: string, words: string, kind: 'new' | 'same' | 'plain'}[]}
 */
export function pieces(text, other, opening = '') {
  if (other === null) return opened(text, text.startsWith(opening) ? opening.length : 0);
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

/**
 * @param {string} text
 * @param {number} length of what all begin with
 * @returns {ReturnType<typeof pieces>}
 */
function opened(text, length) {
  const parts = /** @type {ReturnType<typeof pieces>} */ ([
    {space: '', words: text.slice(0, length), kind: 'same'},
    {space: '', words: text.slice(length), kind: 'plain'},
  ]);
  return parts.filter(({words}) => words);
}

/** @param {Pane} pane */
export const called = ({model, title}) => (model === 'base' ? 'Base' : title);

/**
 * The checkpoint that really answered, as soon as it is known; until then, what was asked for. `run` is
 * null for a base and an endpoint.
 * @param {Pick<Answered, 'pane' | 'answer'>} answered
 */
export function originOf({pane: {model, title}, answer: {checkpoint}}) {
  if (isBase(model)) return {run: null, words: `${title} · no adapter`};
  if (isEndpoint(model)) return {run: null, words: checkpoint ? `answered as ${checkpoint}` : 'by address'};
  const [run, step] = (checkpoint ?? model).split('@');
  return {run, words: step ? `, step ${step}` : ', last checkpoint'};
}

/**
 * Size, time and end of an answer, as far as they are known.
 * @param {Generation} answer
 * @returns {string[]}
 */
export function measured({status, text, tokens, seconds, finish}) {
  if (status === 'waiting') return ['–'];
  const took = `${number(seconds, 1)} s`;
  const isCounted = tokens > 0 || !text; // some servers do not say of how many tokens an answer is
  if (status !== 'writing')
    return [...(isCounted ? [count(tokens, 'token')] : []), took, ...(finish ? [finish] : [])];
  if (!isCounted) return [`${took} so far`];
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

/**
 * What answers to a prompt are scored by: the suite's criteria, then whatever else there is.
 * @param {readonly string[]} criteria
 * @param {Answered[]} all
 */
export const scoreNames = (criteria, all) => [
  ...new Set([...criteria, ...all.flatMap(({answer}) => Object.keys(answer.scores))]),
];
