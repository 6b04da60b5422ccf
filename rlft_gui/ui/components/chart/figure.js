// A chart around its plot: title, newest value, caption, legend and table.
import {html, nothing, ref} from '../html.js';
import {number} from '../numbers.js';
import {tip} from '../tip.js';
import {inWords, lastInterval, unitOf} from './ends.js';
import {legend} from './legend.js';
import {table} from './table.js';

/** @typedef {import('../html.js').Ref} Ref */
/** @typedef {import('./scene.js').Scene} Scene */
/**
 * What a chart keeps between two pictures: which lines are hidden, and where the plot and what lies over it
 * go.
 * @typedef {{hidden: Set<string>, toggle: (id: string) => void, plot: Ref, over: Ref}} Own
 */

const COVERED = 'Where lines lie on each other, the lower one is drawn wide.';

/** The newest value of a chart's only line. @param {Scene} scene */
function newest({view, ends, smoothing}) {
  if (view.lines.length !== 1 || !ends.length) return html`<span class="rl-cv rl-num"></span>`;
  const [{curve, last, raw}] = ends;
  const why = smoothing ? `Smoothed. The last point alone is ${number(raw)}.` : '';
  return html`<span class="rl-cv rl-num" title=${why}
    ><b>${number(last)}</b>${unitOf(view.info)} <span class="rl-faint">${lastInterval(curve)}</span></span
  >`;
}

/** @param {Scene} scene */
const words = ({view, covers}) => [view.caption, covers.some(Boolean) && COVERED].filter(Boolean).join(' ');

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
      ${newest(scene)}
    </div>
    <p class="rl-xs rl-faint rl-cc">${words(scene)}</p>
    ${plotOf(scene, own)}
    <div class="rl-legend" ?hidden=${!hasLegend}>
      ${hasLegend ? legend(view.lines, own.hidden, own.toggle) : nothing}
    </div>
    <div>${view.hasTable ? table(view.info.title, curves) : nothing}</div>
  </figure>`;
}
