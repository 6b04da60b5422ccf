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
