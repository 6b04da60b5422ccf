// A text of one line.
import {line} from './line.js';
import {shownText} from './typed.js';

/**
 * @param {import('./line.js').Control} control
 * @param {import('../../payloads').TextField} field
 */
export const textControl = (control, field) => line(control, {text: shownText(field, control.typed)});
