// What is unusual about a chat template, in sentences.
import {count, number} from '../../components/numbers.js';

/** @typedef {import('../../payloads').Audit} Audit */

/** In fewer words, for whoever has not trained yet. @type {Record<string, string>} */
const REASONS = {
  'the chat template would change the answer': 'it would not write them as they are',
  'the chat template would change the prompt': 'it would write their prompts otherwise than they are asked',
};

/** @param {Audit} found */
export function notes(found) {
  const refused = Object.entries(found.refused).map(
    ([reason, rows]) =>
      `The chat template refuses ${number(rows)} of the ${count(found.rows, 'row')} tried, ` +
      `which are left out: ${reason}.`,
  );
  // A note on the template says already why it is passed by.
  const passed = found.notes.length ? [] : found.past_template.map(passedBy);
  return [...found.notes, ...refused, ...passed];
}

/** @param {string} reason */
const passedBy = reason =>
  'Some answers are put behind their prompts instead of being taken from the chat template: ' +
  `${REASONS[reason] ?? reason}.`;
