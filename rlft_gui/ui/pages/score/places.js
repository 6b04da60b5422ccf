// Numbers and words behind the strips: scales, heaps, places.

/** @typedef {import('../../payloads').KnownView} KnownView */
/** @typedef {import('../../payloads').Place} Place */

export const BINS = 32;

/**
 * The scale that all strips of one model share.
 * @param {KnownView} known @param {number[]} rewards
 * @returns {[number, number]}
 */
export function rangeOf(known, rewards) {
  const all = [...Object.values(known.by_side).flat(), ...rewards];
  const low = Math.min(...all);
  const high = Math.max(...all);
  return low < high ? [low, high] : [low - 1, high + 1];
}

/**
 * Shares of the values in bins of equal width, the fullest being 1.
 * @param {number[]} values @param {[number, number]} range
 */
export function heap(values, [low, high]) {
  const counts = new Array(BINS).fill(0);
  for (const value of values) {
    const at = Math.floor(((value - low) / (high - low)) * BINS);
    counts[Math.min(BINS - 1, Math.max(0, at))] += 1;
  }
  const most = Math.max(1, ...counts);
  return counts.map(amount => amount / most);
}

/** @param {number} share */
const percent = share => `${Math.round(share * 100)} %`;

/** @param {Place | null | undefined} place */
export function placeWords(place) {
  if (!place) return '';
  if (place.chosen == null || place.rejected == null)
    return place.known == null ? '' : `above ${percent(place.known)} of known answers`;
  return `above ${percent(place.chosen)} of chosen, ${percent(place.rejected)} of rejected`;
}
