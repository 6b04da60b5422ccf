// A chart around its plot: title, newest value, caption, legend and table.
import {html, nothing, ref} from '../html.js';
import {number} from '../numbers.js';
import {tip} from '../tip.js';
import {inWords, lastInterval, unitOf} from './ends.js';
import {legend} from './legend.js';
import {table} from './table.js';

/** @typedef {import('./curve.js').Curve} Curve */
/** @typedef {import('./ends.js').Ends} Ends */
/** @typedef {import('./view.js').ChartView} ChartView */
/**
 * @typedef {object} Figure
 * @property {ChartView} view
 * @property {Curve[]} curves
 * @property {Ends[]} ends
 * @property {number} smoothing
 * @property {boolean} isCovered whether lines lie on each other
 * @property {boolean} isLabelled whether names stand at the ends of lines
 * @property {Set<string>} hidden
 * @property {(id: string) => void} toggle
 * @property {import('../html.js').Ref} plot
 * @property {import('../html.js').Ref} over
 */

const COVERED = 'Where lines lie on each other, the lower one is drawn wide.';

/** The newest value of a chart's only line. @param {Figure} figure */
function newest({view, ends, smoothing}) {
  if (view.lines.length !== 1 || !ends.length) return html`<span class="rl-cv rl-num"></span>`;
  const [{curve, last, raw}] = ends;
  const why = smoothing ? `Smoothed. The last point alone is ${number(raw)}.` : '';
  return html`<span class="rl-cv rl-num" title=${why}
    ><b>${number(last)}</b>${unitOf(view.info)} <span class="rl-faint">${lastInterval(curve)}</span></span
  >`;
}

/** @param {Figure} figure */
const words = ({view, isCovered}) => [view.caption, isCovered && COVERED].filter(Boolean).join(' ');

/** @param {Figure} figure */
function plot({view, ends, plot: node, over}) {
  const height = `height:${view.size.height}px`;
  return html`<div class="rl-plot-holder" style=${height}>
    <div
      class="rl-plot"
      style=${height}
      role="img"
      aria-label=${inWords(view.info, view.axis, ends)}
      ${ref(node)}
    ></div>
    <div class="rl-over" ${ref(over)}></div>
    <div class="rl-over-empty" ?hidden=${ends.length > 0}>${ends.length ? nothing : view.empty}</div>
  </div>`;
}

/** @param {Figure} figure */
export function figure(figure) {
  const {view, curves, isLabelled, hidden, toggle} = figure;
  const hasLegend = view.lines.length > 1 && !isLabelled;
  return html`<figure class=${`rl-chart${view.size.isSmall ? ' small' : ''}`}>
    <div class="rl-cp">
      <h3 class="rl-ct">${view.info.title}${tip(view.info.about)}</h3>
      ${newest(figure)}
    </div>
    <p class="rl-xs rl-faint rl-cc">${words(figure)}</p>
    ${plot(figure)}
    <div class="rl-legend" ?hidden=${!hasLegend}>
      ${hasLegend ? legend(view.lines, hidden, toggle) : nothing}
    </div>
    <div>${view.hasTable ? table(view.info.title, curves) : nothing}</div>
  </figure>`;
}
