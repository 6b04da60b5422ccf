// Which curves a run's page draws, and where: large ones on top, small ones beside, the rest on demand.

import {AXIS_METRICS} from '../../components/chart/place.js';

/** @typedef {import('../../payloads').ChartPlan} ChartPlan */
/** @typedef {import('../../payloads').MetricInfo} MetricInfo */
/**
 * Names of metrics by where they stand.
 * @typedef {{top: string[], beside: string[], first: string[], rest: string[]}} Arrangement
 */
/** @typedef {(metric: string) => Pick<MetricInfo, 'panel' | 'place'>} Placed what Python says of a metric */

const BESIDE_MOST = 4;
const FOR_ROWS = 3; // of generated rows, so many before the others
const NOT_ALONE = /\/(low|high)$/; // drawn as the interval of another
const WITH_ENDS = /^probe\/gold$|^held\/|^eval\/pref\/accuracy$/;

/** A pattern that ends with * stands for all that begin so. @param {string} pattern @param {string} name */
const fits = (pattern, name) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/**
 * Names under the titles of their panels.
 * @param {string[]} names in the order of their places
 * @param {Placed} info
 * @returns {[string, string[]][]}
 */
export function grouped(names, info) {
  /** @type {Map<string, string[]>} */
  const panels = new Map();
  for (const name of names) panels.set(info(name).panel, [...(panels.get(info(name).panel) ?? []), name]);
  return [...panels];
}

/** Metrics that are drawn. @param {Arrangement} arrangement @param {boolean} isOpen whether all are */
export const drawn = ({top, beside, first, rest}, isOpen) => [
  ...top,
  ...beside,
  ...first,
  ...(isOpen ? rest : []),
];

/**
 * What must be known to draw these: their intervals and the x axis too.
 * @param {string[]} metrics
 * @param {import('../../components/chart/place.js').Axis} axis
 */
export function needed(metrics, axis) {
  const bars = metrics.filter(name => WITH_ENDS.test(name)).flatMap(name => [`${name}/low`, `${name}/high`]);
  const across = AXIS_METRICS[axis];
  return [...metrics, ...bars, ...(across ? [across] : [])];
}

/**
 * Which metrics there are decides which charts there are; new ones may appear while the run goes on.
 * @param {string[]} metrics that the run has reported
 * @param {ChartPlan} plan
 * @param {Placed} info
 * @returns {Arrangement}
 */
export function arranged(metrics, plan, info) {
  const names = metrics.filter(name => !NOT_ALONE.test(name)).sort();
  /** @param {string} pattern */
  const find = pattern => names.filter(name => fits(pattern, name));
  const top = [...new Set(plan.top.map(list => list.flatMap(find)[0] ?? String(list.at(-1))))];
  const small = [...new Set(plan.beside.flatMap(find))].filter(name => !top.includes(name));
  const beside = small.slice(0, BESIDE_MOST);
  const others = names
    .filter(name => !top.includes(name) && !beside.includes(name))
    .sort((a, b) => info(a).place - info(b).place);
  const first = top.length ? [] : others.filter(name => name !== 'made/rows').slice(0, FOR_ROWS);
  return {top, beside, first, rest: others.filter(name => !first.includes(name))};
}
