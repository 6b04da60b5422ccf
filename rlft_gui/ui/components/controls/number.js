// A number, typed: what is none gets a sentence rather than a silent correction.
import {line} from './line.js';
import {shownText} from './typed.js';

/**
 * @param {import('./line.js').Control} control
 * @param {import('../../payloads').NumberField} field
 */
export const numberControl = (control, field) =>
  line(control, {text: shownText(field, control.typed), isNumber: true});
