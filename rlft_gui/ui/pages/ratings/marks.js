// Intervals as small drawings: a line from low to high with a dot, and a thin line at what means "no
// difference".
import {html, nothing, svg} from '../../components/html.js';
import {BOX, place} from './scales.js';

/** @typedef {import('./scales.js').Mark} Mark */
/** @typedef {import('./scales.js').Scale} Scale */

/**
 * The drawing repeats the numbers beside it, so it is hidden from who cannot see it.
 * @param {Mark | null} mark
 * @param {Scale} scale
 */
export function forest(mark, scale) {
  if (!mark) return nothing;
  const middle = BOX.height / 2;
  const [low, at, high] = [mark.low, mark.middle, mark.high].map(value => place(value, scale).toFixed(1));
  return html`<svg viewBox=${`0 0 ${BOX.width} ${BOX.height}`} class="rl-mark" aria-hidden="true">
    ${
      scale.zero === null
        ? nothing
        : svg`<path class="z" d=${`M${place(scale.zero, scale).toFixed(1)} 0V${BOX.height}`}></path>`
    }
    ${svg`<path d=${`M${low} ${middle}H${high}`}></path>`}
    ${svg`<circle cx=${at} cy=${middle} r="4"></circle>`}
  </svg>`;
}
