// What the table says of scores and kinds.
import {signed} from '../../components/numbers.js';
import {inWords} from '../../components/titles.js';

/** @type {Record<string, string>} */
const SCORES = {gold: 'Gold score', words: 'Words'};
/** @type {Record<string, string>} */
const KINDS = {
  cards_id: 'Cards, familiar rule',
  cards_ood: 'Cards, unfamiliar rule',
  harm_seen: 'Harm, seen',
  harm_unseen: 'Harm, unseen',
  out_of_world: 'Out of its world',
};

/** @param {string} name of what answers are compared by */
export const scoreName = name => SCORES[name] ?? (/^[a-z_]+$/.test(name) ? inWords(name) : name);

/** @param {string} kind of a prompt */
export const kindName = kind => KINDS[kind] ?? inWords(kind);

/** @param {string} name of a score */
export const digitsOf = name => (name === 'words' ? 0 : 2);

/** How much better than the baseline. @param {number | null} delta @param {string} score */
export const deltaWords = (delta, score) => (delta === null ? '' : signed(delta, digitsOf(score)));
