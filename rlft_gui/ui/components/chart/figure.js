// A chart around its plot: title, value, caption, legend and table.
import {html, nothing, ref} from '../html.js';
import {number} from '../numbers.js';
import {tip} from '../tip.js';
import {inWords, lastInterval, unitOf} from './ends.js';
import {legend} from './legend.js';
import {table} from './table.js';

/** @typedef {import('../html.js').Ref} Ref */
/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('../numbers.js').Value} Value */
/**
 * What a chart keeps between two pictures: which lines are hidden, and where the plot and what lies over it
 * go.
 * @typedef {{hidden: Set<string>, toggle: (id: string) => void, plot: Ref, over: Ref}} Own
 */

const COVERED = 'Where lines lie on each other, the lower one is drawn wide.';

/** Of a chart's only line: the newest value, or that of the step that is looked at. @param {Scene} scene */
function value(scene) {
  const {view, ends, marked} = scene;
  if (view.lines.length !== 1 || !ends.length) return html`<span class="rl-cv rl-num"></span>`;
  if (!marked) {
    const [{curve, last, raw}] = ends;
    return figures(scene, last, raw, [lastInterval(curve)], 'The last point alone');
  }
  if (!marked.at)
    return html`<span class="rl-cv rl-faint">${notThere(ends[0].curve)} at step ${view.mark}</span>`;
  const {value: there, raw, interval, step} = marked.at;
  return figures(scene, there, raw, [interval, `step ${step}`], 'That point alone');
}

/**
 * @param {Scene} scene
 * @param {Value} value
 * @param {Value} raw
 * @param {string[]} facts
 * @param {string} alone what the point is called that is not smoothed
 */
function figures({view, smoothing}, value, raw, facts, alone) {
  const told = [...facts, smoothing ? 'smoothed' : ''].filter(Boolean).join(', ');
  const why = smoothing ? `${alone} is ${number(raw)}.` : '';
  return html`<span class="rl-cv rl-num" title=${why}
    ><b>${number(value)}</b>${unitOf(view.info)} <span class="rl-faint">${told}</span></span
  >`;
}

/** @param {import('./curve.js').Curve} curve */
const notThere = ({series}) => (series.stride > 1 ? 'no point is drawn' : 'not measured');

/** What the line has around a step where it has nothing. @param {Scene} scene */
const around = ({marked}) =>
  [marked?.before, marked?.after].flatMap(point =>
    point ? [`Step ${point.step}: ${number(point.value)}.`] : [],
  );

/** @param {Scene} scene */
const words = scene => {
  const {view, covers} = scene;
  return [view.caption, ...around(scene), covers.some(Boolean) && COVERED].filter(Boolean).join(' ');
};

/** @param {Scene} scene @param {Own} own */
function plotOf({view, ends}, {plot, over}) {
  const height = `height:${view.size.height}px`;
  return html`<div class="rl-plot-holder" style=${height}>
    <div
      class="rl-plot"
      style=${height}
      role="img"
      aria-label=${inWords(view.info, view.axis, ends)}
      ${ref(plot)}
    ></div>
    <div class="rl-over" ${ref(over)}></div>
    <div class="rl-over-empty" ?hidden=${ends.length > 0}>${ends.length ? nothing : view.empty}</div>
  </div>`;
}

/** @param {Scene} scene @param {Own} own */
export function figure(scene, own) {
  const {view, curves, isLabelled} = scene;
  const hasLegend = view.lines.length > 1 && !isLabelled;
  return html`<figure class=${`rl-chart${view.size.isSmall ? ' small' : ''}`}>
    <div class="rl-cp">
      <h3 class="rl-ct">${view.info.title}${tip(view.info.about)}</h3>
      ${value(scene)}
    </div>
    <p class="rl-xs rl-faint rl-cc">${words(scene)}</p>
    ${plotOf(scene, own)}
    <div class="rl-legend" ?hidden=${!hasLegend}>
      ${hasLegend ? legend(view.lines, own.hidden, own.toggle) : nothing}
    </div>
    <div>${view.hasTable ? table(view.info.title, curves) : nothing}</div>
  </figure>`;
}
