// How far the axes of a chart reach.

/** @typedef {import('./curve.js').Curve} Curve */
/** @typedef {import('../../payloads').MetricInfo} MetricInfo */
/** @typedef {[number, number]} Range */

/**
 * The least span of a y axis, by unit and as a share of the largest value. Below it, what one would see is
 * noise.
 * @type {Record<string, number>}
 */
const LEAST = {share: 0.1, 'nats/token': 0.01, 'nats/answer': 0.1};
const LEAST_PART = 0.02;

/**
 * The lowest and the highest value, intervals included; null without any.
 * @param {Curve[]} curves
 * @returns {Range | null}
 */
export function extentOf(curves) {
  let low = Infinity;
  let high = -Infinity;
  for (const curve of curves) {
    for (const y of [curve.series, curve.low, curve.high].flatMap(series => series?.y ?? [])) {
      if (y === null) continue;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  return low > high ? null : [low, high];
}

/** 0.02 and not 20m. @param {number} size of the largest value */
function exponents(size) {
  if (size < 1e-3) return 'e';
  return size < 1 ? 'none' : 'B';
}

/**
 * Plotly's own range, unless that would zoom into noise.
 * @param {Range | null} extent
 * @param {MetricInfo} info
 * @returns {{autorange: boolean, range?: Range, exponentformat?: string}}
 */
export function upright(extent, info) {
  if (!extent) return {autorange: true};
  const low = info.from_zero ? Math.min(extent[0], 0) : extent[0];
  const high = info.from_zero ? Math.max(extent[1], 0) : extent[1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  const least = Math.max(LEAST[info.unit] ?? 0, size * LEAST_PART);
  const exponentformat = exponents(size);
  if (high - low >= least) return {autorange: true, exponentformat};
  const start = Math.max((low + high - least) / 2, low < 0 ? -Infinity : 0);
  return {autorange: false, range: [start, start + least], exponentformat};
}

/**
 * The largest place on the x axis. KL may also shrink, so its last place need not be the largest.
 * @param {Curve[]} curves
 * @param {import('./place.js').Axis} axis
 */
export function farthest(curves, axis) {
  const ends = curves.flatMap(({series, place}) =>
    (axis === 'kl' ? series.x : series.x.slice(-1)).map(step => place(step) ?? 0),
  );
  return Math.max(0, ...ends);
}

/**
 * The axis ends at the data; one point at 0 has room too.
 * @param {number} last
 * @returns {Range}
 */
export const across = last => [-(last || 1) * 0.012, (last || 1) * 1.02];

const ONE_BY_ONE = 6;

/** Steps are whole, so a short axis counts them one by one. @param {number} last */
export const ticksApart = last => ((last || 1) < ONE_BY_ONE ? 1 : undefined);
