// <rl-chart .view=${view}>: one metric of one to six runs. Plotly turns each picture into the next one.
import {createRef, nothing, render} from '../html.js';
import {lookOf} from '../looks.js';
import {color} from '../theme.js';
import {covered} from './covering.js';
import {curveOf, hasPoints, pointsOf} from './curve.js';
import {allEnds} from './ends.js';
import {figure} from './figure.js';
import {frameOf} from './frame.js';
import {layoutOf} from './layout.js';
import {overlay} from './overlay.js';
import {onZoom, purge, react} from './plotly.js';
import {extentOf} from './ranges.js';
import {isSparse, smoothingOf} from './smoothing.js';
import {tracesOf} from './traces.js';

/** @typedef {import('./curve.js').Curve} Curve */
/** @typedef {import('./ends.js').Ends} Ends */
/** @typedef {import('./plotly.js').PlotNode} PlotNode */
/** @typedef {import('./ranges.js').Range} Range */
/** @typedef {import('./view.js').ChartView} ChartView */
/**
 * A view with what follows from it at a width.
 * @typedef {object} Scene
 * @property {ChartView} view
 * @property {number} width
 * @property {number} smoothing
 * @property {Curve[]} curves
 * @property {import('./curve.js').Points[]} points of each
 * @property {Range | null} extent of what is to be seen
 * @property {number[]} covers by curve, how many visible ones lie on it
 * @property {Ends[]} ends
 * @property {boolean} isLabelled
 */

const WIDE = 700; // px, where labels at the ends of lines have room
const ON_EACH_OTHER = 0.004; // of the axis: about a pixel
const CROWDED = 3;

/**
 * @param {ChartView} view
 * @param {number} width
 * @param {Set<string>} hidden
 * @returns {Scene}
 */
function sceneOf(view, width, hidden) {
  const smoothing = smoothingOf(view.metric, view.smoothing);
  const curves = view.lines.map(line => curveOf(line, view.metric, view.axis));
  const points = curves.map(curve => pointsOf(curve, smoothing));
  const seen = curves.filter(({line}) => !hidden.has(line.id));
  const extent = extentOf(seen);
  const drawn = seen.filter(hasPoints);
  const counts = covered(
    drawn.map(({series}) => series),
    extent ? ON_EACH_OTHER * (extent[1] - extent[0]) : 0,
  );
  return {
    view,
    width,
    smoothing,
    curves,
    points,
    extent,
    covers: curves.map(curve => counts[drawn.indexOf(curve)] ?? 0),
    ends: allEnds(curves, points),
    isLabelled: view.size.hasEndLabels && width > WIDE,
  };
}

class Chart extends HTMLElement {
  /** @type {ChartView | null} */
  #view = null;
  /** @type {Set<string>} */
  #hidden = new Set();
  #isDrawn = false;
  #width = 0;
  #plot = createRef();
  #over = createRef();
  #resized = new ResizeObserver(() => {
    if (Math.abs(this.clientWidth - this.#width) >= 1) this.#draw();
  });
  #repaint = () => this.#draw();

  /** @param {ChartView} view */
  set view(view) {
    this.#view = view;
    this.#draw();
  }

  connectedCallback() {
    this.#resized.observe(this);
    addEventListener('rl:theme', this.#repaint);
    this.#draw();
  }

  disconnectedCallback() {
    this.#resized.disconnect();
    removeEventListener('rl:theme', this.#repaint);
    if (this.#isDrawn && this.#plot.value) purge(/** @type {HTMLElement} */ (this.#plot.value));
    this.#isDrawn = false;
  }

  /** Nothing can be drawn into no width: in a hidden card a chart waits until it is resized. */
  #draw() {
    this.#width = this.clientWidth;
    if (!this.isConnected || !this.#view || !this.#width) return;
    const scene = sceneOf(this.#view, this.#width, this.#hidden);
    const {view, curves, ends, smoothing, isLabelled} = scene;
    render(
      figure({
        view,
        curves,
        ends,
        smoothing,
        isLabelled,
        isCovered: scene.covers.some(Boolean),
        hidden: this.#hidden,
        toggle: id => this.#toggle(id),
        plot: this.#plot,
        over: this.#over,
      }),
      this,
    );
    void this.#plotted(scene);
  }

  /** @param {Scene} scene */
  async #plotted(scene) {
    const holder = /** @type {HTMLElement} */ (this.#plot.value);
    const layout = layoutOf(
      scene.view,
      {
        color,
        width: scene.width,
        isLabelled: scene.isLabelled,
        isTouched: matchMedia('(pointer: coarse)').matches,
      },
      scene.extent,
    );
    const plotting = react(holder, this.#traces(scene), layout);
    if (!this.#isDrawn) onZoom(/** @type {PlotNode} */ (holder), range => this.#view?.onZoom(range));
    this.#isDrawn = true;
    const node = await plotting;
    if (this.#isDrawn && scene.view === this.#view) this.#label(scene, node);
  }

  /** @param {Scene} scene */
  #traces({view, curves, points, covers, smoothing}) {
    return curves.flatMap((curve, i) => {
      const {key, symbol} = lookOf(curve.line.palette);
      return tracesOf(curve, points[i], {
        color: color(`--m-${key}`),
        symbol,
        surface: color('--surface'),
        isSmoothed: smoothing > 0,
        covers: covers[i],
        isSparse: isSparse(view.metric),
        isSmall: view.size.isSmall,
        isHidden: this.#hidden.has(curve.line.id),
        isCrowded: curves.length >= CROWDED,
      });
    });
  }

  /** @param {Scene} scene @param {PlotNode} node */
  #label({view, ends, isLabelled}, node) {
    const named = ends.flatMap(({curve: {line}, at, last}) =>
      isLabelled && at && !this.#hidden.has(line.id) ? [{line, y: at[1], value: last}] : [],
    );
    const alarms = view.hasAlarmMarks && view.axis === 'step' ? view.alarms : [];
    const over = /** @type {HTMLElement} */ (this.#over.value);
    render(ends.length ? overlay(named, alarms, frameOf(node.layout)) : nothing, over);
  }

  /** @param {string} id */
  #toggle(id) {
    if (!this.#hidden.delete(id)) this.#hidden.add(id);
    this.#draw();
  }
}
customElements.define('rl-chart', Chart);
