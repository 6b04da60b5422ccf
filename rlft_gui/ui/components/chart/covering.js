// Lines that lie on each other: the lower one would be hidden.

/** @typedef {import('./series.js').Series} Series */

/**
 * Whether two series are one as far as both go: the same places, and nowhere further apart than `tolerance`.
 * @param {Series} a
 * @param {Series} b
 * @param {number} tolerance
 */
function coincide(a, b, tolerance) {
  const length = Math.min(a.x.length, b.x.length);
  /** @param {number} i */
  const isApart = i =>
    (a.y[i] === null) !== (b.y[i] === null) || Math.abs(Number(a.y[i]) - Number(b.y[i])) > tolerance;
  for (let i = 0; i < length; i++) if (a.x[i] !== b.x[i] || isApart(i)) return false;
  return length > 0;
}

/**
 * How many later lines lie on each one and would hide it.
 * @param {Series[]} lines in the order they are drawn in
 * @param {number} tolerance
 */
export const covered = (lines, tolerance) =>
  lines.map((line, i) => lines.slice(i + 1).filter(later => coincide(line, later, tolerance)).length);
