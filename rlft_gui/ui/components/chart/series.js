// The curves of a run as the browser keeps them, brought up to date by cursor.

/** @typedef {import('../../payloads').RunCurves} RunCurves */
/** @typedef {'nan' | 'inf' | '-inf'} NotFinite */
/**
 * A metric's points, every `stride`-th of those that were reported. What is not finite is a hole in `y`,
 * and stands in `bad` as (step, name).
 * @typedef {object} Series
 * @property {number[]} x
 * @property {(number | null)[]} y
 * @property {[number, NotFinite][]} bad
 * @property {number} stride
 */
/**
 * What is known of a run; a newer answer makes a new one.
 * @typedef {object} KnownRun
 * @property {string} cursor "" asks for everything again
 * @property {Record<string, Series>} series by metric
 * @property {RunCurves['status']} status
 * @property {boolean} live
 * @property {number} step
 * @property {number | null} total steps
 * @property {number | null} heardAt when its newest points came, ms since the epoch
 */

/** @type {Series} */
export const NO_POINTS = {x: [], y: [], bad: [], stride: 1};

/**
 * The series without what falls between points of a longer stride.
 * @param {Series} series
 * @param {number} stride
 * @returns {Series}
 */
function thinned(series, stride) {
  const every = stride / series.stride;
  if (every === 1) return series;
  const x = series.x.filter((_, i) => i % every === 0);
  const y = series.y.filter((_, i) => i % every === 0);
  const kept = new Set(x);
  return {x, y, bad: series.bad.filter(([step]) => kept.has(step)), stride};
}

/**
 * @param {Series} series
 * @param {RunCurves['points'][string]} points
 * @returns {Series}
 */
function extended(series, points) {
  const longer = {...series, x: [...series.x], y: [...series.y], bad: [...series.bad]};
  points.values.forEach((value, i) => {
    longer.x.push(points.steps[i]);
    longer.y.push(typeof value === 'number' ? value : null);
    if (typeof value !== 'number') longer.bad.push([points.steps[i], value]);
  });
  return longer;
}

/**
 * What is known after an answer. `isFresh`: what was drawn before is void.
 * @param {KnownRun | undefined} before
 * @param {RunCurves} update
 * @param {(metric: string) => boolean} isTitled whether the title of a metric is known
 * @param {number} now ms
 */
export function absorb(before, update, isTitled, now) {
  const isFresh = update.reset || !before?.cursor;
  const news = Object.entries(update.points);
  /** @type {Record<string, Series>} */
  const series = isFresh ? {} : {...before.series};
  for (const [metric, stride] of Object.entries(update.strides))
    series[metric] = thinned(series[metric] ?? NO_POINTS, stride);
  for (const [metric, points] of news) series[metric] = extended(series[metric] ?? NO_POINTS, points);
  /** @type {KnownRun} */
  const run = {
    // A metric that was never seen comes without its title: ask for the whole run once more.
    cursor: news.every(([metric]) => isTitled(metric)) ? update.cursor : '',
    series,
    status: update.status,
    live: update.live,
    step: update.step,
    total: update.total,
    heardAt: news.length ? now : (before?.heardAt ?? null),
  };
  const hasChanged = news.length > 0 || before?.status !== update.status || before.step !== update.step;
  return {run, isFresh, hasChanged};
}
