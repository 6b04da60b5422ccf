// Where a point of a run stands on the x axis.

/** @typedef {import('./series.js').KnownRun} KnownRun */
/** @typedef {import('./series.js').Series} Series */
/** @typedef {'step' | 'tokens' | 'kl'} Axis */
/** @typedef {(step: number) => number | null} Place */

/** @type {Record<Axis, string>} */
export const AXIS_TITLES = {step: 'Step', tokens: 'Tokens', kl: 'KL to base, nats per answer'};

/** The metric that an axis is made of, for those that are. @type {Partial<Record<Axis, string>>} */
export const AXIS_METRICS = {tokens: 'tokens', kl: 'probe/kl/seq'};

/**
 * The first of rising numbers that is not below `least`; -1 if all are.
 * @param {number[]} rising
 * @param {number} least
 */
function firstFrom(rising, least) {
  let from = 0;
  let to = rising.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rising[middle] < least) from = middle + 1;
    else to = middle;
  }
  return from < rising.length ? from : -1;
}

/**
 * Tokens grow evenly between two reports.
 * @param {Series} tokens
 * @returns {Place}
 */
const amongTokens =
  ({x, y}) =>
  step => {
    if (step === 0) return 0;
    const next = firstFrom(x, step);
    if (next < 0) return null;
    const [x0, y0] = next ? [x[next - 1], Number(y[next - 1])] : [0, 0];
    return y0 + ((Number(y[next]) - y0) * (step - x0)) / (x[next] - x0);
  };

/**
 * KL is known at probes only.
 * @param {Series} kl
 * @returns {Place}
 */
function atProbes({x, y}) {
  const known = new Map(x.map((step, i) => [step, y[i]]));
  return step => known.get(step) ?? null;
}

/**
 * @param {KnownRun | undefined} run
 * @param {Axis} axis
 * @returns {Place}
 */
export function placeOn(run, axis) {
  const metric = AXIS_METRICS[axis];
  if (!metric) return step => step;
  const known = run?.series[metric];
  if (!known) return () => null;
  return axis === 'kl' ? atProbes(known) : amongTokens(known);
}
