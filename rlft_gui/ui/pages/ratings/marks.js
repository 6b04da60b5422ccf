// Where intervals stand in small drawings: a line from low to high with a dot, and a thin line at what means
// "no difference".
import {html, nothing, svg} from '../../components/html.js';

/** @typedef {{low: number, middle: number, high: number}} Mark */
/** @typedef {{from: number, to: number, zero: number | null}} Scale */

const BOX = {width: 160, height: 24, edge: 5};

/** The scale of win rates. @type {Scale} */
export const RATES = {from: 0, to: 100, zero: 50};

/**
 * A scale that holds all marks, even on both sides of zero.
 * @param {Mark[]} marks
 * @returns {Scale}
 */
export function around(marks) {
  const reach = Math.max(1, ...marks.flatMap(({low, middle, high}) => [low, middle, high].map(Math.abs)));
  return {from: -reach, to: reach, zero: 0};
}

/** @param {number} value @param {Scale} scale */
export function place(value, {from, to}) {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from || 1)));
  return BOX.edge + share * (BOX.width - 2 * BOX.edge);
}

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
