// What the table says of scores.
import {signed} from '../../components/numbers.js';
import {inWords} from '../../components/titles.js';

/** @type {Record<string, string>} */
const SCORES = {gold: 'Gold score', words: 'Words'};

/** @param {string} name of what answers are compared by */
export const scoreName = name => SCORES[name] ?? (/^[a-z_]+$/.test(name) ? inWords(name) : name);

/** @param {string} name of a score */
export const digitsOf = name => (name === 'words' ? 0 : 2);

/** How much better than the baseline. @param {number | null} delta @param {string} score */
export const deltaWords = (delta, score) => (delta === null ? '' : signed(delta, digitsOf(score)));

/** @typedef {import('../../payloads').AnswerWins} AnswerWins */

/**
 * In hundredths, how often one column beats the other. Of a pair one side is rounded, and the other is what
 * is left of a hundred.
 * @param {readonly AnswerWins[]} wins
 * @param {string} column
 * @param {string} over
 * @param {boolean} isFirst of the pair
 * @returns {{rate: number, low: number, high: number, prompts: number} | null}
 */
export function shares(wins, column, over, isFirst) {
  if (!isFirst) {
    const other = column === over ? null : shares(wins, over, column, true);
    return other && {...other, rate: 100 - other.rate, low: 100 - other.high, high: 100 - other.low};
  }
  const found = wins.find(one => one.column === column && one.over === over);
  if (!found) return null;
  const [rate, low, high] = [found.rate, found.low, found.high].map(one => Math.round(100 * one));
  return {rate, low, high, prompts: found.prompts};
}
