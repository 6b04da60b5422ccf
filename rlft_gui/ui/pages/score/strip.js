// Where a score stands among those of known answers: their two heaps and one mark.
import {html, nothing, svg} from '../../components/html.js';

/** @typedef {import('../../payloads').KnownView} KnownView */
/** @typedef {import('../../payloads').Place} Place */

const WIDTH = 160; // px
const HEIGHT = 26; // px
const BINS = 32;
const HALF = HEIGHT / 2;

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

/**
 * Bars that grow up (chosen, or all) or down (rejected) from the middle.
 * @param {number[]} shares
 * @param {boolean} isUp
 */
function bars(shares, isUp) {
  const wide = WIDTH / BINS;
  const room = HALF - 1;
  const path = shares
    .map((share, at) => share && `M${at * wide} ${HALF}h${wide}v${(isUp ? -1 : 1) * share * room}h${-wide}z`)
    .filter(Boolean)
    .join('');
  return svg`<path d=${path} class=${isUp ? 'up' : 'down'}></path>`;
}

/**
 * @param {KnownView} known
 * @param {[number, number]} range
 * @param {number} reward
 * @param {Place | null | undefined} place
 */
export function strip(known, range, reward, place) {
  const {chosen, rejected, completion} = known.by_side;
  const up = chosen ?? completion;
  if (!up?.length) return nothing;
  const at = Math.min(WIDTH - 1, Math.max(1, ((reward - range[0]) / (range[1] - range[0])) * WIDTH));
  return html`<svg
    class="rl-strip"
    viewBox=${`0 0 ${WIDTH} ${HEIGHT}`}
    role="img"
    aria-label=${`${placeWords(place)} answers`}
  >
    ${bars(heap(up, range), true)}${rejected?.length ? bars(heap(rejected, range), false) : nothing}
    ${svg`<path d=${`M0 ${HALF}H${WIDTH}`} class="base"></path>`}
    ${svg`<path d=${`M${at} 0V${HEIGHT}`} class="mark"></path>`}
  </svg>`;
}
