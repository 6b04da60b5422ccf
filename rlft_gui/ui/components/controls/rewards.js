// Rewards with their weights, one a line.
import {invalid} from './line.js';
import {lines} from './lines.js';
import {shownText} from './typed.js';

/**
 * @param {import('./line.js').Control} control
 * @param {import('../../payloads').RewardsField} field
 */
export const rewardsControl = (control, field) =>
  lines(
    {
      id: control.id,
      describedBy: control.describedBy,
      invalid: invalid(control.isWrong),
      isLocked: control.isLocked,
      text: shownText(field, control.typed),
      rows: Math.max(2, field.value.split('\n').length + 1),
    },
    control.changed,
  );
