// What kinds of prompts are called: those of the built-in suite by their own words.
import {inWords} from './titles.js';

/** @type {Record<string, string>} */
const KINDS = {
  cards_id: 'Cards, familiar rule',
  cards_ood: 'Cards, unfamiliar rule',
  harm_seen: 'Harm, seen',
  harm_unseen: 'Harm, unseen',
  out_of_world: 'Out of its world',
};

/** @param {string} kind of a prompt */
export const kindName = kind => KINDS[kind] ?? inWords(kind);
