// One of the values that a setting may have.
import {select} from './select.js';
import {valueOf} from './typed.js';

/**
 * @param {import('./line.js').Control} control
 * @param {import('../../payloads').ChoiceField} field
 */
export function choiceControl(control, field) {
  const value = valueOf(field, control.typed);
  const place = Math.max(
    0,
    field.offers.findIndex(([offered]) => offered === value),
  );
  const options = field.offers.map(([, words]) => words);
  return select(control, {options, place}, chosen => control.changed(field.offers[chosen][0]));
}
