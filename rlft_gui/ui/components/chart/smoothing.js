// Which metrics are smoothed, and how.

/**
 * Probes and held-out metrics are taken now and then: dots joined by lines, never smoothed.
 * @param {string} metric
 */
export const isSparse = metric => /^(probe|eval|held)\//.test(metric);

/** The weight of what came before, unless a reader chose another. */
export const USUAL_SMOOTHING = 0.75;

/** Planned or counted, not measured: smoothing would only make them late. */
const EXACT = ['lr', 'tokens', 'made/rows', 'batch/answers'];

/**
 * @param {string} metric
 * @param {number} wanted
 */
export const smoothingOf = (metric, wanted) => (isSparse(metric) || EXACT.includes(metric) ? 0 : wanted);

/**
 * What the two lines of a smoothed metric are. `stride`: one of so many points is drawn.
 * @param {number} stride
 */
export const smoothedWords = stride =>
  `Thin line: ${stride > 1 ? `one point of ${stride}` : 'every step'}. Thick line: smoothed.`;

/**
 * Exponential moving average without the pull towards its first value; a hole stays a hole.
 * @param {number} weight of what came before
 * @returns {(value: number | null) => number | null}
 */
export function smoother(weight) {
  let sum = 0;
  let share = 0;
  return value => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    share = weight * share + (1 - weight);
    return sum / share;
  };
}
