// What probes will take of a run's time, as far as earlier runs tell.
import {number} from '../../components/numbers.js';

/** @param {Pick<import('../../payloads').ReviewStep, 'probing'>} review */
export function probes({probing}) {
  if (probing == null)
    return 'Their share of the time is not known: nothing of this kind has run on this base yet.';
  return `About ${number(Math.round(100 * probing))} % of the time, as in earlier runs on this base.`;
}
