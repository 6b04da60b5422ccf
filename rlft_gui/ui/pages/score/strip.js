// Where a score stands among those of known answers: their two heaps and one mark.
import {html, nothing, svg} from '../../components/html.js';
import {BINS, heap, placeWords} from './places.js';

/** @typedef {import('../../payloads').KnownView} KnownView */
/** @typedef {import('../../payloads').Place} Place */

const WIDTH = 160; // px
const HEIGHT = 26; // px
const HALF = HEIGHT / 2;

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
