// What a run's page says about its curves.
import {isSparse, smoothedWords} from '../../components/chart/smoothing.js';
import {number} from '../../components/numbers.js';

/** @typedef {import('../../components/chart/series.js').Series} Series */
/** @typedef {import('../../payloads').RunCard} RunCard */
/**
 * As much of a run's facts as its curves look at.
 * @typedef {object} CurveFacts
 * @property {Pick<RunCard, 'id' | 'status' | 'live' | 'output' | 'palette' | 'attempt'>} run
 * @property {string | null} measured_by
 * @property {import('../../payloads').ChartPlan} charts
 * @property {string[]} metrics that it has reported
 * @property {{name: string, step: number, message: string}[]} alarms
 */

/**
 * Stands in the place of all curves before the first points; empty charts would fill the page.
 * @param {CurveFacts} facts
 */
export function upcoming(facts) {
  const {comes} = facts.charts;
  if (facts.run.status === 'queued') return `${comes} are drawn here once the run has started.`;
  if (facts.run.live) return `${comes} are drawn here with the first points.`;
  return 'This run ended before it reported any points.';
}

/**
 * Stands in the place of one curve without points.
 * @param {CurveFacts['run']} run
 */
export const noPointsYet = run =>
  run.live || run.status === 'queued'
    ? 'The first points come soon after the start.'
    : 'This run ended before it reported any.';

/** @param {Series | undefined} probe */
function bestProbe(probe) {
  const about = 'Gold score on held-out prompts.';
  const known = (probe?.y ?? []).flatMap((y, i) => (y === null ? [] : [{y, step: probe?.x[i]}]));
  if (!known.length) return about;
  const best = known.reduce((a, b) => (b.y > a.y ? b : a));
  const found = `Best so far: ${number(best.y, 2)} at step ${best.step}.`;
  return `${about} Bars: 95 % interval over prompts. ${found}`;
}

const FEW = 'On fewer than five held-out prompts, which is too few for an interval.';

/**
 * What a caption depends on.
 * @typedef {object} Captioned
 * @property {string | null} measured_by
 * @property {Series | undefined} series
 * @property {boolean} hasInterval
 * @property {boolean} isLarge
 * @property {number} smoothing
 */
/**
 * @param {string} metric
 * @param {Captioned} state
 */
export function captionOf(metric, {measured_by, series, hasInterval, isLarge, smoothing}) {
  if (measured_by === 'own' && metric === 'eval/loss')
    return 'On rows of this data that are kept out of training.';
  if (isLarge && metric.startsWith('held/'))
    return hasInterval ? 'On your held-out prompts. Bars: 95 % interval over prompts.' : FEW;
  if (measured_by === 'own' && metric === 'probe/gold') return 'What it did to Lantern’s own skills.';
  if (metric === 'probe/gold') return bestProbe(series);
  return !isSparse(metric) && isLarge && smoothing ? smoothedWords(series?.stride ?? 1) : '';
}
