// Who decides the pairs of a set, people or judges, in words.
import {count, number} from '../../components/numbers.js';

/** @param {import('../../payloads').JudgesStanding['mix']} mix */
export const shares = ({pairs, people, judges: alone, open}) => {
  const percent = (/** @type {number} */ part) => `${number((100 * part) / pairs, 0)} %`;
  return (
    `People where judges are unsure, judges elsewhere: of ${count(pairs, 'pair')} judges decide ` +
    `${number(alone)} (${percent(alone)}) and people ${number(people)} (${percent(people)}); ` +
    (open ? `${number(open)} (${percent(open)}) wait for people.` : 'none waits for people.')
  );
};
