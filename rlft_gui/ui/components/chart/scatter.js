// <rl-scatter .view=${view}>: one point a prompt, one model's score against another's. On the line both are
// equal.
import {createRef, html, ref, render} from '../html.js';
import {color} from '../theme.js';
import {loaded, purge, react} from './plotly.js';

/** @typedef {{item: string, question: string, a: number, b: number}} Point */
/**
 * `open` is told the prompt of a point that is pressed.
 * @typedef {{points: Point[], x: string, y: string, score: string, open: (item: string) => void}} ScatterView
 */

const HEIGHT = 300;
const JITTER = 0.012; // of the range: scores are often the same, and points would hide each other

/**
 * A little to the side, the same each time for the same prompt.
 * @param {string} item
 * @param {number} salt
 */
function aside(item, salt) {
  let hash = salt;
  for (const sign of item) hash = (Math.imul(hash, 31) + (sign.codePointAt(0) ?? 0)) >>> 0;
  return (hash % 1000) / 500 - 1;
}

/** @param {Point[]} points */
export function spread(points) {
  const all = points.flatMap(({a, b}) => [a, b]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const width = (high - low || 1) * JITTER;
  return {
    low: low - 3 * width,
    high: high + 3 * width,
    x: points.map(({a, item}) => a + width * aside(item, 7)),
    y: points.map(({b, item}) => b + width * aside(item, 13)),
  };
}

class Scatter extends HTMLElement {
  /** @type {ScatterView | null} */
  #view = null;
  #plot = createRef();
  #isDrawn = false;
  #repaint = () => void this.#draw();
  #resized = new ResizeObserver(() => void this.#draw());

  /** @param {ScatterView} view */
  set view(view) {
    this.#view = view;
    void this.#draw();
  }

  connectedCallback() {
    addEventListener('rl:theme', this.#repaint);
    this.#resized.observe(this);
    void this.#draw();
  }

  disconnectedCallback() {
    removeEventListener('rl:theme', this.#repaint);
    this.#resized.disconnect();
    if (this.#isDrawn && this.#plot.value) purge(/** @type {HTMLElement} */ (this.#plot.value));
    this.#isDrawn = false;
  }

  async #draw() {
    const view = this.#view;
    if (!this.isConnected || !view || !this.clientWidth) return;
    const better = view.points.filter(({a, b}) => b > a).length;
    const worse = view.points.filter(({a, b}) => b < a).length;
    const above = `${better} above the line, where ${view.y} is better`;
    const label = `${view.points.length} prompts: ${above}, ${worse} below it.`;
    render(
      html`<div class="rl-plot" role="img" aria-label=${label} ${ref(this.#plot)}></div>
        <p class="rl-xs rl-faint">${label} A click on a point opens its answers in panes.</p>`,
      this,
    );
    await loaded;
    if (!this.isConnected || view !== this.#view) return;
    const node = await react(
      /** @type {HTMLElement} */ (this.#plot.value),
      /** @type {any} */ (this.#traces(view)),
      this.#layout(view),
    );
    if (!this.#isDrawn) {
      node.on('plotly_click', ({points}) => {
        const item = points?.[0]?.customdata;
        if (item) this.#view?.open(item);
      });
    }
    this.#isDrawn = true;
  }

  /** @param {ScatterView} view */
  #traces({points}) {
    const {low, high, x, y} = spread(points);
    const shade = (/** @type {Point} */ {a, b}) => color(b > a ? '--pos-3' : b < a ? '--neg-3' : '--text-3');
    return [
      {
        x: [low, high],
        y: [low, high],
        mode: 'lines',
        line: {color: color('--line-strong'), width: 1},
        hoverinfo: 'skip',
      },
      {
        x,
        y,
        mode: 'markers',
        type: 'scatter',
        marker: {size: 7, opacity: 0.75, color: points.map(shade)},
        customdata: points.map(({item}) => item),
        text: points.map(
          ({question, a, b}) => `${escaped(question)}<br>${a.toFixed(2)} against ${b.toFixed(2)}`,
        ),
        hovertemplate: '%{text}<extra></extra>',
      },
    ];
  }

  /** @param {ScatterView} view */
  #layout({x, y}) {
    const font = {family: color('--sans'), size: 12, color: color('--text-3')};
    const axis = {
      gridcolor: color('--line'),
      linecolor: color('--line-strong'),
      zeroline: false,
      fixedrange: true,
      tickfont: font,
    };
    return {
      width: this.clientWidth,
      height: HEIGHT,
      margin: {l: 48, r: 8, t: 8, b: 44},
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      font,
      showlegend: false,
      dragmode: false,
      hovermode: 'closest',
      hoverlabel: {
        bgcolor: color('--surface'),
        bordercolor: color('--line-strong'),
        font: {...font, color: color('--text')},
      },
      xaxis: {...axis, title: {text: escaped(x), font, standoff: 6}},
      yaxis: {...axis, title: {text: escaped(y), font, standoff: 6}},
    };
  }
}

/** Plotly reads a few tags in texts. @param {string} text */
const escaped = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

if (!customElements.get('rl-scatter')) customElements.define('rl-scatter', Scatter);
