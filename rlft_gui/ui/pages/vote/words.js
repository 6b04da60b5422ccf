// What the page of votes says.
import {count, number, percent} from '../../components/numbers.js';
import {duration} from '../../components/times.js';

/** @typedef {import('../../payloads').LastVote} LastVote */
/** @typedef {import('../../payloads').Question} Question */
/** @typedef {import('../../payloads').RaterProgress} RaterProgress */
/** @typedef {import('../../payloads').StandingView} StandingView */

/** @type {Record<Question, string>} */
export const TITLES = {
  pair: 'Which answer is better?',
  likert: 'How good is this answer?',
  attributes: 'How good is this answer?',
  thumb: 'Is this answer good?',
  critique: 'What is wrong with this answer?',
  edit: 'What should this answer have been?',
};

/** @type {[Question, string][]} */
export const QUESTIONS = [
  ['pair', 'Which of two is better'],
  ['likert', '1 to 5 points'],
  ['attributes', '1 to 5 points for several attributes'],
  ['thumb', 'Good or bad'],
  ['critique', 'A critique in words'],
  ['edit', 'The answer as it should be'],
];

/** @type {Record<'random' | 'uncertain' | 'disagreement' | 'unsure', string>} */
export const ORDERS = {
  random: 'Random',
  uncertain: 'Uncertain first: a reward model scores both alike',
  disagreement: 'Disagreement first: reward model and judge differ',
  unsure: 'Only what judges are unsure of',
};

/** @param {Question} question */
export const about = question =>
  question === 'pair'
    ? 'Names and scores stay hidden until you vote. Sides are shuffled; some pairs come twice.'
    : 'Names and scores stay hidden until you vote.';

export const STRENGTHS = ['Slightly', 'Clearly', 'Far'];

/**
 * @param {number} judged by this rater
 * @param {number} left
 * @param {Question} question
 */
export const place = (judged, left, question) =>
  `${question === 'pair' ? 'Pair' : 'Answer'} ${number(judged + 1)} of ${number(judged + Math.max(1, left))}`;

const ROOMY = 0.75; // of a text: below this nobody need count
const ENOUGH = 3; // votes that tell a pace

/** @param {number[]} seconds of the votes of this visit @param {number} left */
export function timeLeft(seconds, left) {
  if (seconds.length < ENOUGH || !left) return '';
  const middle = [...seconds].sort((a, b) => a - b)[Math.floor(seconds.length / 2)];
  const all = middle * left;
  return `about ${all < 60 ? duration(all) : `${Math.round(all / 60)} min`} left at your pace`;
}

/** @param {Pick<StandingView, 'low' | 'high'>} standing */
export const isSettled = ({low, high}) => low > 0.5 || high < 0.5;

/**
 * How two models stand: first what can be said of it, then the numbers.
 * @param {StandingView} standing
 * @returns {[string, string]}
 */
export function soFar({first, second, share, low, high, n, needed}) {
  const between = `${number(100 * low, 0)} to ${percent(100 * high)}`;
  const wins = `${first.title} wins ${percent(100 * share)} of ${count(n, 'vote')} against ${second.title}`;
  if (isSettled({low, high}))
    return [`${first.title} is ahead.`, `${wins}; the true rate lies within ${between}.`];
  const gap = needed ? ` A gap of this size takes about ${number(rounded(needed))} votes to settle.` : '';
  return ['Too early to tell.', `${wins}; with so few the true rate may be anywhere from ${between}.${gap}`];
}

/** To two digits, for it is a guess. @param {number} value */
function rounded(value) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / unit) * unit;
}

/** How far a rater can be relied on; '' while there is nothing to say. @param {RaterProgress} progress */
export function reliance({repeats, repeats_same: same, checks, checks_right: right}) {
  const told = [];
  if (repeats) told.push(`You said the same of ${same} of ${count(repeats, 'pair')} that came twice.`);
  if (checks)
    told.push(`You saw through ${right} of ${count(checks, 'check')}: an answer beside itself in disorder.`);
  return told.join(' ');
}

/** What the last vote was, besides who won. @param {LastVote} vote */
export function manner({outcome, strength}) {
  if (outcome === 'better') return strength ? `(${STRENGTHS[strength - 1].toLowerCase()} better)` : '';
  return '';
}

const CHECK = 'This was a check, which counts nowhere: one answer was the other with its words in disorder.';

/** @param {LastVote} vote @returns {string[]} */
export function remarks({check, repeat, is_too_fast: fast}) {
  const told = [];
  if (check !== null) told.push(`${CHECK} ${check ? 'You saw it.' : 'You did not choose the one in order.'}`);
  if (repeat !== null)
    told.push(
      repeat
        ? 'This pair came before, and you said the same.'
        : 'This pair came before, and you said otherwise.',
    );
  if (fast) told.push('Faster than the answers can be read, so it is marked.');
  return told;
}

/** @param {string} text */
const length = text => [...text].length;

/** Why a text is too long; '' where it is not. @param {string} text @param {number} longest */
export function excess(text, longest) {
  if (text.length <= longest || length(text) <= longest) return '';
  const [all, over] = [length(text), length(text) - longest].map(one => number(one));
  return `The text has ${all} characters; ${number(longest)} are the most. Shorten it by ${over}.`;
}

/**
 * How much of a long text is taken; '' while there is much room.
 * @param {string} text
 * @param {number} longest
 */
export const room = (text, longest) =>
  text.length < ROOMY * longest ? '' : `${number(length(text))} of ${number(longest)} characters`;

/**
 * What is kept in the browser.
 * @param {number} unsent
 * @param {string} trouble what the app said, if it did
 */
export const kept = (unsent, trouble) =>
  [
    trouble || 'The app does not answer.',
    unsent === 1 ? '1 vote is kept in this browser' : `${number(unsent)} votes are kept in this browser`,
    'and sent again by itself.',
  ].join(' ');
