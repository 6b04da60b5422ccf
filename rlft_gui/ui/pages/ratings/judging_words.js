// What is said of a judge at work, and of one that has ended.
import {count, number} from '../../components/numbers.js';

/** @typedef {import('../../payloads').JudgeAtWork} JudgeAtWork */

export const GONE =
  'The app was started again, which ended the judge. What it had judged stands; ask it for the rest.';
const LEAVE = 'It goes on when you leave this page.';
const FIRST = 'Until the first verdict is there a model has to be loaded, or a server has to answer.';

/** @param {JudgeAtWork | null} work */
export const isAtWork = work => work?.state === 'judging';

/** @param {JudgeAtWork} work */
export const soFar = ({done, of}) => `judged ${number(done)} of ${count(of, 'pair')}`;

/** @param {JudgeAtWork} work */
export function beneath({done, waits_for: set}) {
  if (set) return `It waits for its turn: another judge is at work in "${set}". ${LEAVE}`;
  return done ? `Each verdict counts as soon as it is there. ${LEAVE}` : `${FIRST} ${LEAVE}`;
}

/**
 * @param {JudgeAtWork} work one that has ended
 * @returns {{kind: 'bad' | 'good' | '', title: string, text: string}}
 */
export function ending(work) {
  const {judge, state, done, of, before, problem} = work;
  if (state === 'failed') {
    const when = done ? `after ${number(done)} of ${count(of, 'pair')}` : 'before it judged a pair';
    return {kind: 'bad', title: `${judge} failed ${when}`, text: problem};
  }
  if (state === 'stopped')
    return {kind: '', title: `${judge} was stopped`, text: `It ${soFar(work)}, and what it said stands.`};
  const earlier = before ? [`It had judged ${count(before, 'pair')} before.`] : [];
  const text = [...leftOut(work), ...earlier].join(' ');
  if (!of) return {kind: '', title: `${judge} had nothing left to judge`, text};
  return {kind: 'good', title: `${judge} judged ${count(of, 'pair')}`, text};
}

/** @param {JudgeAtWork} work */
const leftOut = ({left_out: reasons}) =>
  Object.entries(reasons).map(([reason, pairs]) => `${count(pairs, 'pair')} left out: ${reason}`);

/**
 * How many pairs at most, as typed; null for all.
 * @param {string} text
 */
export function mostIn(text) {
  const tidy = text.trim();
  if (!tidy) return null;
  if (/^[1-9]\d{0,8}$/.test(tidy)) return Number(tidy);
  throw new Error(`Pairs at most is a whole number from 1 on, found "${tidy}". Leave it empty for all.`);
}
