// The lines of a chart as Plotly takes them: four traces a line. Thin and raw, main, crosses, dot at the end.
import {crossesOf} from './curve.js';

/** @typedef {import('./curve.js').Curve} Curve */
/** @typedef {import('./curve.js').Points} Points */
/** @typedef {Record<string, unknown>} Trace */
/**
 * How a line is drawn.
 * @typedef {object} Style
 * @property {string} color
 * @property {string} symbol
 * @property {string} surface what lies below, around markers
 * @property {boolean} isSmoothed
 * @property {number} covers how many lines lie on it
 * @property {boolean} isSparse
 * @property {boolean} isSmall
 * @property {boolean} isHidden
 * @property {boolean} isCrowded so many lines that intervals must be pale
 */

export const DASHES = ['solid', 'dash', 'dot'];

// Where lines lie on each other, the lower one shows beside the upper: wider by so much, and paler.
const WIDER = 5;
const PALER = 0.4;
const HOVER = '%{y:.3~r}';
const HALF = '80'; // of a colour's opacity

/** @param {Curve} curve @param {Style} style */
const common = ({line}, {isHidden}) => ({
  type: 'scatter',
  name: line.name.replace(/[<>&]/g, ''), // Plotly reads a little markup in names
  visible: !isHidden,
  showlegend: false,
});

/** @param {Curve} curve @param {Points} points @param {Style} style @returns {Trace} */
const raw = (curve, points, style) => ({
  ...common(curve, style),
  x: style.isSmoothed ? points.x : [],
  y: style.isSmoothed ? points.y : [],
  mode: 'lines',
  opacity: 0.35,
  line: {width: 1, color: style.color, dash: DASHES[curve.line.nth % DASHES.length]},
  hovertemplate: HOVER,
});

/** @param {Curve} curve @param {Points} points @param {Style} style @returns {Trace} */
const bars = (curve, points, style) =>
  curve.low && curve.high
    ? {
        type: 'data',
        symmetric: false,
        array: points.above,
        arrayminus: points.below,
        thickness: 1.5,
        width: 0,
        color: style.isCrowded ? style.color + HALF : style.color,
      }
    : {visible: false};

/** @param {Curve} curve @param {Points} points @param {Style} style @returns {Trace} */
function main(curve, points, style) {
  const {color, symbol, surface, covers, isSparse, isSmall} = style;
  return {
    ...common(curve, style),
    x: points.x,
    y: points.smooth,
    opacity: covers ? PALER : 1,
    cliponaxis: false,
    mode: isSparse ? 'lines+markers' : 'lines',
    line: {width: 2 + covers * WIDER, color, dash: DASHES[curve.line.nth % DASHES.length]},
    marker: {
      symbol,
      size: (isSmall ? 6 : 7) + covers * WIDER,
      color,
      line: {width: 1, color: surface},
    },
    error_y: bars(curve, points, style),
    ...(style.isSmoothed ? {hoverinfo: 'skip'} : {hovertemplate: HOVER}),
  };
}

/** @param {Curve} curve @param {Style} style @returns {Trace} */
const crosses = (curve, style) => ({
  ...common(curve, style),
  ...crossesOf(curve),
  yaxis: 'y2',
  mode: 'markers',
  marker: {symbol: 'x-thin', size: 9, line: {width: 2, color: style.color}},
  hovertemplate: '%{text}',
});

/** @param {Curve} curve @param {Points} points @param {Style} style @returns {Trace} */
function dotAtEnd(curve, points, style) {
  const {color, symbol, surface, covers} = style;
  const end = style.isSparse ? null : points.end;
  return {
    ...common(curve, style),
    x: end ? [end[0]] : [],
    y: end ? [end[1]] : [],
    mode: 'markers',
    opacity: covers ? PALER : 1,
    cliponaxis: false,
    marker: {symbol, size: 8 + covers * WIDER, color, line: {width: 1.5, color: surface}},
    hoverinfo: 'skip',
  };
}

/**
 * @param {Curve} curve
 * @param {Points} points
 * @param {Style} style
 */
export const tracesOf = (curve, points, style) => [
  raw(curve, points, style),
  main(curve, points, style),
  crosses(curve, style),
  dotAtEnd(curve, points, style),
];
