// The axes of a chart and all around them, as Plotly takes them.
import {marginOf} from './frame.js';
import {AXIS_TITLES} from './place.js';
import {across, ticksApart, upright} from './ranges.js';

/** @typedef {import('./ranges.js').Range} Range */
/** @typedef {import('./view.js').ChartView} ChartView */
/**
 * What the page around a plot is like.
 * @typedef {object} Setting
 * @property {(token: string) => string} color of a token of tokens.css
 * @property {number} width
 * @property {boolean} isLabelled whether names stand at the ends of lines
 * @property {boolean} isTouched by a finger, which is to scroll the page
 */

/** @param {Setting} setting */
const axisOf = ({color}) => ({
  gridcolor: color('--line'),
  linecolor: color('--line-strong'),
  zeroline: false,
  tickfont: {color: color('--text-3'), size: 12},
});

/** @param {Setting} setting */
const fontOf = ({color}) => ({family: color('--sans'), size: 12, color: color('--text-3')});

/** @param {ChartView} view @param {Setting} setting */
const xaxis = ({axis, last, zoom, size}, setting) => ({
  ...axisOf(setting),
  showgrid: false,
  showline: true,
  spikecolor: setting.color('--line-strong'),
  spikethickness: 1,
  spikedash: 'solid',
  nticks: size.isSmall ? 4 : 6,
  range: zoom ? [...zoom] : across(last),
  dtick: axis === 'step' ? ticksApart(last) : undefined,
  autorange: false,
  tickprefix: axis === 'kl' ? '' : `${axis === 'step' ? 'step' : 'tokens'} `,
  showtickprefix: 'first',
  showexponent: 'all', // or it goes by the prefix, and "5k" is "5"
  unifiedhovertitle: {text: axis === 'step' ? 'Step %{x}' : '%{x:.3~s}'},
  title: axis === 'kl' ? {text: AXIS_TITLES.kl, font: fontOf(setting), standoff: 4} : undefined,
});

/** @param {ChartView} view @param {Setting} setting @param {Range | null} extent */
const yaxis = ({info, size}, setting, extent) => ({
  ...axisOf(setting),
  showline: false,
  nticks: size.isSmall ? 4 : 5,
  fixedrange: true,
  rangemode: info.from_zero ? 'tozero' : 'normal',
  ...upright(extent, info),
});

/** A line across the plot. @param {number} step @param {number} width @param {string} color */
const lineAt = (step, width, color) => ({
  type: 'line',
  x0: step,
  x1: step,
  yref: 'paper',
  y0: 0,
  y1: 1,
  line: {width, color},
});

/**
 * Alarms, and the step that is looked at. Both are known by their step, so other axes have none.
 * @param {ChartView} view
 * @param {Setting} setting
 */
function linesAcross({axis, alarms, mark}, {color}) {
  if (axis !== 'step') return [];
  const lines = alarms.map(({step}) => lineAt(step, 1, color('--warn')));
  return mark == null ? lines : [...lines, lineAt(mark, 2, color('--accent-text'))];
}

/**
 * @param {ChartView} view
 * @param {Setting} setting
 * @param {Range | null} extent of the values to be seen
 */
export function layoutOf(view, setting, extent) {
  const {color, width, isLabelled, isTouched} = setting;
  const font = fontOf(setting);
  return {
    width,
    height: view.size.height,
    margin: marginOf({
      hasLabels: isLabelled,
      hasAlarms: view.hasAlarmMarks,
      hasTitle: view.axis === 'kl',
    }),
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font,
    hovermode: 'x unified',
    hoverlabel: {
      bgcolor: color('--surface'),
      bordercolor: color('--line-strong'),
      font: {...font, color: color('--text')},
    },
    showlegend: false,
    dragmode: isTouched ? false : 'zoom',
    xaxis: xaxis(view, setting),
    yaxis: yaxis(view, setting, extent),
    yaxis2: {overlaying: 'y', range: [0, 1], fixedrange: true, visible: false},
    shapes: linesAcross(view, setting),
  };
}
