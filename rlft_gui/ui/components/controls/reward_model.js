// A finished run that trained a reward model on this base.
import {select} from './select.js';
import {shownText} from './typed.js';

/** @typedef {import('../../payloads').RewardModelField} RewardModelField */

/**
 * @param {import('./line.js').Control} control
 * @param {RewardModelField} field
 */
export function rewardModelControl(control, field) {
  const value = shownText(field, control.typed);
  const offers = offered(field);
  const place = Math.max(
    0,
    offers.findIndex(([run]) => run === value),
  );
  return select(control, {options: offers.map(([, words]) => words), place}, chosen =>
    control.changed(offers[chosen][0]),
  );
}

/**
 * A run that was named and is not offered stays to be seen, and refused.
 * @param {RewardModelField} field
 * @returns {[string, string][]}
 */
function offered({locked, offers, value}) {
  if (locked) return [['', 'The one that it trains']];
  const none = offers.length ? 'Choose a run' : 'No finished reward model on this base model yet';
  const isKnown = !value || offers.some(([run]) => run === value);
  return [
    ['', none],
    ...offers,
    ...(isKnown ? [] : [/** @type {[string, string]} */ ([value, `${value}, not offered here`])]),
  ];
}
