// What a page says of a chart. All that a chart shows follows from this, and from which lines are hidden.

/**
 * How large a chart is. `hasEndLabels`: names stand at the ends of lines where there is room.
 * @typedef {{height: number, isSmall: boolean, hasEndLabels: boolean}} Size
 */
/** @typedef {{step: number, words: string, message: string}} ChartAlarm */
/**
 * @typedef {object} ChartView
 * @property {Size} size
 * @property {string} metric
 * @property {import('../../payloads').MetricInfo} info
 * @property {import('./curve.js').Line[]} lines one to six
 * @property {import('./place.js').Axis} axis
 * @property {number} smoothing as wanted; some metrics are never smoothed
 * @property {number} last where the x axis ends: charts of one group end at the same place
 * @property {import('./ranges.js').Range | null} zoom of the x axis, if any
 * @property {(range: import('./ranges.js').Range | null) => void} onZoom
 * @property {ChartAlarm[]} alarms lines across the plot
 * @property {boolean} hasAlarmMarks whether the lines have names
 * @property {number | null} [mark] a step that is looked at, on the axis of steps: a line across the plot,
 * and the value there in place of the newest
 * @property {string} caption
 * @property {import('../html.js').View} empty stands in the place of the plot while there are no points
 * @property {boolean} hasTable
 */

/** @type {Record<'main' | 'small' | 'runs', Size>} */
export const SIZES = {
  main: {height: 284, isSmall: false, hasEndLabels: false},
  small: {height: 132, isSmall: true, hasEndLabels: false},
  runs: {height: 340, isSmall: false, hasEndLabels: true},
};
