// Plotly, as far as charts use it: its bundle of scatter, bar and pie. It is a script, no module, and
// has no types.

/** @typedef {import('./frame.js').Drawn} Drawn */
/** @typedef {(event: string, listener: (change: Record<string, any>) => unknown) => void} Listen */
/** @typedef {HTMLElement & {layout: Drawn, on: Listen}} PlotNode */

const CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  responsive: false,
  doubleClick: false,
  showTips: false,
};

const SCRIPT = '../../../../assets/vendor/plotly.js-basic-dist-min/plotly-basic.min.js';

const AGAIN = 3000; // ms after which a script that did not come is asked for again

/** @param {() => void} come */
function ask(come) {
  const script = document.createElement('script');
  script.src = new URL(SCRIPT, import.meta.url).href;
  script.onload = come;
  script.onerror = () => {
    script.remove();
    setTimeout(() => ask(come), AGAIN);
  };
  document.head.append(script);
}

/**
 * Resolves once Plotly is there. Points are asked for and charts laid out meanwhile.
 * @type {Promise<void>}
 */
export const loaded = new Promise(ask);

const plotly = () => /** @type {any} */ (globalThis).Plotly;

/**
 * Draws, or turns what is drawn into this, once Plotly is loaded.
 * @param {HTMLElement} node
 * @param {import('./traces.js').Trace[]} traces
 * @param {object} layout
 * @returns {Promise<PlotNode>} when it stands, with the ranges that were chosen
 */
export const react = (node, traces, layout) => plotly().react(node, traces, layout, CONFIG);

/** @param {HTMLElement} node */
export const purge = node => plotly().purge(node);

/**
 * Tells the range of the x axis when a reader chooses one, null for all of it.
 * @param {PlotNode} node
 * @param {(range: [number, number] | null) => void} zoomed
 */
export function onZoom(node, zoomed) {
  node.on('plotly_relayout', change => {
    if (change['xaxis.range[0]'] === undefined) return;
    zoomed([change['xaxis.range[0]'], change['xaxis.range[1]']]);
  });
  node.on('plotly_doubleclick', () => {
    zoomed(null);
    return false;
  });
}
