// <rl-chart .view=${view}>: one metric of one to six runs. Plotly turns each picture into the next one.
import {createRef, nothing, render} from '../html.js';
import {lookOf} from '../looks.js';
import {color} from '../theme.js';
import {figure} from './figure.js';
import {frameOf} from './frame.js';
import {layoutOf} from './layout.js';
import {overlay} from './overlay.js';
import {loaded, onZoom, purge, react} from './plotly.js';
import {sceneOf} from './scene.js';
import {isSparse} from './smoothing.js';
import {tracesOf} from './traces.js';

/** @typedef {import('./plotly.js').PlotNode} PlotNode */
/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./view.js').ChartView} ChartView */

const CROWDED = 3; // lines

let last = Promise.resolve();
/** Charts take turns, so that the browser shows one before it draws the next. */
const turn = () => (last = last.then(() => new Promise(resolve => setTimeout(resolve))));

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
  #toggle = (/** @type {string} */ id) => {
    if (!this.#hidden.delete(id)) this.#hidden.add(id);
    this.#draw();
  };

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
    const own = {hidden: this.#hidden, toggle: this.#toggle, plot: this.#plot, over: this.#over};
    render(figure(scene, own), this);
    void this.#plotted(scene);
  }

  /** @param {Scene} scene */
  async #plotted(scene) {
    await loaded;
    await turn();
    if (!this.isConnected || scene.view !== this.#view) return; // a newer picture comes
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
}
customElements.define('rl-chart', Chart);
