/* eslint-disable */
// @ts-nocheck
// One chart: a metric of one to six runs. Plotly.react draws it once, new points go in by extendTraces, so
// zoom,
// hidden lines and axis survive. Titles, end labels and alarm marks are HTML around and above the plot
// (overlay.js).
import {covered, place, smoother} from './curves.js';
import {el} from './dom.js';
import {color as rlColor} from './theme.js';
import {glyph, tip} from './marks.js';
import {overlay as rlOverlay} from './overlay.js';
import {NONE, interval, number} from './words.js';

const SYMBOLS = {
  base: 'circle-open',
  sft: 'circle',
  dpo: 'square',
  rlhf: 'triangle-up',
  rlaif: 'diamond',
  cai: 'hexagon',
  grpo: 'triangle-down',
  kto: 'cross',
  bon: 'star',
};
const DASHES = ['solid', 'dash', 'dot'];
const PER_LINE = 4; // traces of one line: raw, main, crosses, end dot
const [RAW, MAIN, CROSSES, END] = [0, 1, 2, 3];
const AXES = {step: 'Step', tokens: 'Tokens', kl: 'KL to base, nats per answer'};
const WIDE = 700;
const LABELS = 224; // room for the labels at the ends of lines
// Where lines lie on each other, the lower one shows beside the upper: wider by so much, and paler.
const WIDER = 5,
  PALER = 0.4,
  ON_EACH_OTHER = 0.004; // of the axis: about a pixel
// The least span of a y axis: by unit, and as a share of the largest value. Below it, what one would see is
// noise.
const LEAST = {share: 0.1, 'nats/token': 0.01, 'nats/answer': 0.1},
  LEAST_PART = 0.02;
// Probes and held-out metrics are taken now and then: dots joined by lines, never smoothed.
export const isSparse = metric => /^(probe|eval)\//.test(metric);
// Planned or counted, not measured: smoothing would only make them late.
const isExact = metric => ['lr', 'tokens', 'made/rows'].includes(metric);
// Plotly reads a little markup in names.
const plain = text => text.replace(/[<>&]/g, '');

// Charts of one group share the x range and its zoom.
export const chartGroup = () => ({charts: new Set(), zoom: null, last: 0});

// chart({get, height, endLabels, group, alarmMarks}): `get(id)` is the store's. Returns
// {node, show(view), grow(grown)}; view: {metric, info, lines: [{id, name, method, nth}], axis, smoothing,
// alarms, caption}, where
// caption() tells what stands under the title as the points are now.
export const chart = ({
  get,
  height,
  endLabels = false,
  alarmMarks = false,
  small = false,
  group = chartGroup(),
}) => {
  const hidden = new Set();
  const title = el('h3', {class: 'rl-ct'}),
    value = el('span', {class: 'rl-cv rl-num'}),
    caption = el('p', {class: 'rl-xs rl-faint rl-cc'});
  const plot = el('div', {
    class: 'rl-plot',
    style: `height:${height}px`,
    role: 'img',
    'aria-label': 'A chart that is not drawn yet',
  });
  const holder = el('div', {class: 'rl-plot-holder', style: `height:${height}px`}, plot);
  const legend = el('div', {class: 'rl-legend'}),
    table = el('div', {});
  const node = el(
    'figure',
    {class: `rl-chart${small ? ' small' : ''}`},
    el('div', {class: 'rl-cp'}, title, value),
    caption,
    holder,
    legend,
    table,
  );
  const overlay = rlOverlay(holder, plot);
  let view = null,
    states = [],
    covers = [],
    drawn = false,
    tabled = false;

  const sparse = () => isSparse(view.metric);
  const smoothing = () => (sparse() || isExact(view.metric) ? 0 : view.smoothing);
  const width = () => plot.clientWidth;
  const labelled = () => endLabels && width() > WIDE;
  const seriesOf = line => get(line.id)?.series[view.metric];
  const edgesOf = line => ['low', 'high'].map(end => get(line.id)?.series[`${view.metric}/${end}`]);

  // The points of a line from index `from` on, ready for Plotly.
  function points(state, from) {
    const series = seriesOf(state.line),
      run = get(state.line.id);
    const at = place(run, view.axis),
      [low, high] = edgesOf(state.line);
    const out = {x: [], y: [], smooth: [], above: [], below: []};
    for (let i = from; i < (series?.x.length ?? 0); i++) {
      const x = at(series.x[i]),
        y = series.y[i];
      if (x === null) continue;
      out.x.push(x);
      out.y.push(y);
      out.smooth.push(state.smooth(y));
      out.above.push(y !== null && high?.y[i] != null ? high.y[i] - y : 0);
      out.below.push(y !== null && low?.y[i] != null ? y - low.y[i] : 0);
      if (y !== null) state.end = [x, out.smooth.at(-1)];
    }
    return out;
  }
  const crosses = state => {
    const at = place(get(state.line.id), view.axis),
      bad = (seriesOf(state.line)?.bad ?? []).filter(([step]) => at(step) !== null);
    return {
      x: bad.map(([step]) => at(step)),
      y: bad.map(([, kind]) => (kind === '-inf' ? 0.03 : 0.97)),
      text: bad.map(([, kind]) => number(kind)),
    };
  };

  // How many visible lines lie on each line.
  function covering() {
    const [low, high] = extent(),
      seen = states.filter(({line}) => !hidden.has(line.id) && seriesOf(line)?.x.length);
    const counts = covered(
      seen.map(({line}) => seriesOf(line)),
      ON_EACH_OTHER * (high - low),
    );
    return states.map(state => counts[seen.indexOf(state)] ?? 0);
  }
  function traces() {
    covers = covering();
    return states.flatMap((state, i) => {
      const wider = covers[i] * WIDER,
        opacity = covers[i] ? PALER : 1;
      const {line} = state,
        color = rlColor(`--m-${line.method}`),
        symbol = SYMBOLS[line.method] ?? 'circle',
        dash = DASHES[line.nth % 3];
      const all = points(state, 0),
        bars = edgesOf(line).every(Boolean),
        smooth = smoothing() > 0;
      const common = {
        type: 'scatter',
        name: plain(line.name),
        visible: !hidden.has(line.id),
        showlegend: false,
      };
      const shown = '%{y:.3~r}';
      return [
        {
          ...common,
          x: smooth ? all.x : [],
          y: smooth ? all.y : [],
          mode: 'lines',
          opacity: 0.35,
          line: {width: 1, color, dash},
          hovertemplate: shown,
        },
        {
          ...common,
          x: all.x,
          y: all.smooth,
          opacity,
          cliponaxis: false,
          mode: sparse() ? 'lines+markers' : 'lines',
          line: {width: 2 + wider, color, dash},
          marker: {
            symbol,
            size: (small ? 6 : 7) + wider,
            color,
            line: {width: 1, color: rlColor('--surface')},
          },
          error_y: bars
            ? {
                type: 'data',
                symmetric: false,
                array: all.above,
                arrayminus: all.below,
                thickness: 1.5,
                width: 0,
                color: states.length > 2 ? `${color}80` : color,
              }
            : {visible: false},
          ...(smooth ? {hoverinfo: 'skip'} : {hovertemplate: shown}),
        },
        {
          ...common,
          ...crosses(state),
          yaxis: 'y2',
          mode: 'markers',
          marker: {symbol: 'x-thin', size: 9, line: {width: 2, color}},
          hovertemplate: '%{text}',
        },
        {
          ...common,
          x: state.end && !sparse() ? [state.end[0]] : [],
          y: state.end && !sparse() ? [state.end[1]] : [],
          mode: 'markers',
          opacity,
          cliponaxis: false,
          marker: {symbol, size: 8 + wider, color, line: {width: 1.5, color: rlColor('--surface')}},
          hoverinfo: 'skip',
        },
      ];
    });
  }

  // From the store, not from what is drawn: charts of a group grow one after another.
  function lastX() {
    const ends = (view?.lines ?? []).flatMap(line => {
      const x = seriesOf(line)?.x ?? [],
        at = place(get(line.id), view.axis);
      return (view.axis === 'kl' ? x : x.slice(-1)).map(step => at(step) ?? 0); // KL may also shrink
    });
    return Math.max(0, ...ends);
  }
  // The axis ends at the data; every chart of the group ends where the longest does.
  function range() {
    if (group.zoom) return [...group.zoom];
    const last = farthest();
    return [-last * 0.012, last * 1.02];
  }
  const farthest = () => Math.max(...[...group.charts].map(chart => chart.lastX())) || 1; // one point at 0 has room too
  // Steps are whole, so a short axis counts them one by one.
  const across = () => ({range: range(), dtick: view.axis === 'step' && farthest() < 6 ? 1 : undefined});
  function extent() {
    let low = Infinity,
      high = -Infinity;
    for (const {line} of states) {
      if (hidden.has(line.id)) continue;
      for (const series of [seriesOf(line), ...edgesOf(line)])
        for (const y of series?.y ?? [])
          if (y !== null) {
            low = Math.min(low, y);
            high = Math.max(high, y);
          }
    }
    return [low, high];
  }
  // Plotly's own range, unless that would zoom into noise.
  function upright() {
    let [low, high] = extent();
    if (low > high) return {autorange: true};
    if (view.info.from_zero) {
      low = Math.min(low, 0);
      high = Math.max(high, 0);
    }
    const size = Math.max(Math.abs(low), Math.abs(high)),
      least = Math.max(LEAST[view.info.unit] ?? 0, size * LEAST_PART);
    const exponentformat = size < 1e-3 ? 'e' : size < 1 ? 'none' : 'B'; // 0.02 and not 20m
    if (high - low >= least) return {autorange: true, exponentformat};
    const start = Math.max((low + high - least) / 2, low < 0 ? -Infinity : 0);
    return {autorange: false, range: [start, start + least], exponentformat};
  }
  function layout() {
    const axis = {
      gridcolor: rlColor('--line'),
      linecolor: rlColor('--line-strong'),
      zeroline: false,
      tickfont: {color: rlColor('--text-3'), size: 12},
    };
    const font = {family: rlColor('--sans'), size: 12, color: rlColor('--text-3')};
    return {
      height,
      uirevision: 'keep',
      margin: {t: alarmMarks ? 26 : 10, r: labelled() ? LABELS : 12, b: view.axis === 'kl' ? 40 : 24, l: 54},
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      font,
      hovermode: 'x unified',
      hoverlabel: {
        bgcolor: rlColor('--surface'),
        bordercolor: rlColor('--line-strong'),
        font: {...font, color: rlColor('--text')},
      },
      showlegend: false,
      dragmode: matchMedia('(pointer: coarse)').matches ? false : 'zoom',
      xaxis: {
        ...axis,
        showgrid: false,
        showline: true,
        spikecolor: rlColor('--line-strong'),
        spikethickness: 1,
        spikedash: 'solid',
        nticks: small ? 4 : 6,
        ...across(),
        autorange: false,
        tickprefix: view.axis === 'step' ? 'step ' : '',
        showtickprefix: 'first',
        unifiedhovertitle: {text: view.axis === 'step' ? 'Step %{x}' : '%{x:.3~s}'},
        title: view.axis === 'kl' ? {text: AXES.kl, font, standoff: 4} : undefined,
      },
      yaxis: {
        ...axis,
        showline: false,
        nticks: small ? 4 : 5,
        fixedrange: true,
        rangemode: view.info.from_zero ? 'tozero' : 'normal',
        ...upright(),
      },
      yaxis2: {overlaying: 'y', range: [0, 1], fixedrange: true, visible: false},
      shapes: shapes(),
    };
  }
  function shapes() {
    if (view.axis !== 'step') return [];
    return (view.alarms ?? []).map(alarm => ({
      type: 'line',
      x0: alarm.step,
      x1: alarm.step,
      yref: 'paper',
      y0: 0,
      y1: 1,
      line: {width: 1, color: rlColor('--warn')},
    }));
  }

  function listen() {
    plot.on('plotly_relayout', change => {
      if (change['xaxis.range[0]'] === undefined) return;
      zoom([change['xaxis.range[0]'], change['xaxis.range[1]']]);
    });
    plot.on('plotly_doubleclick', () => {
      zoom(null);
      return false;
    });
    plot.on('plotly_afterplot', decorate);
  }
  function zoom(to) {
    group.zoom = to;
    for (const chart of group.charts) chart.rerange();
  }
  const rerange = () => {
    if (drawn) Plotly.relayout(plot, {'xaxis.range': range(), 'xaxis.autorange': false});
  };

  function draw() {
    if (!node.isConnected || !view || !width()) return;
    states = view.lines.map(line => ({line, smooth: smoother(smoothing()), end: null}));
    const data = traces();
    overlay.empty(lastPoint() ? null : view.empty);
    Plotly.react(plot, data, layout(), {
      displaylogo: false,
      displayModeBar: false,
      responsive: false,
      doubleClick: false,
      showTips: false,
    });
    if (!drawn) {
      drawn = true;
      listen();
    }
    words();
  }
  const lastPoint = () => states.some(state => seriesOf(state.line)?.x.length);

  // New points only; anything that changes older ones is a redraw.
  function grow(grown) {
    if (
      !drawn ||
      `${covers}` !== `${covering()}` ||
      view.axis !== 'step' ||
      !lastPoint() ||
      overlay.isEmpty()
    )
      return draw();
    const x = [],
      y = [],
      above = [],
      below = [],
      indices = [];
    states.forEach((state, i) => {
      const from = grown[state.line.id]?.[view.metric];
      if (from === undefined) return;
      const more = points(state, from),
        bars = edgesOf(state.line).every(Boolean);
      if (smoothing() > 0) {
        x.push(more.x);
        y.push(more.y);
        above.push([]);
        below.push([]);
        indices.push(i * PER_LINE + RAW);
      }
      x.push(more.x);
      y.push(more.smooth);
      above.push(bars ? more.above : []);
      below.push(bars ? more.below : []);
      indices.push(i * PER_LINE + MAIN);
      Object.assign(plot.data[i * PER_LINE + CROSSES], crosses(state));
      if (state.end && !sparse())
        Object.assign(plot.data[i * PER_LINE + END], {x: [state.end[0]], y: [state.end[1]]});
    });
    Object.assign(plot.layout, {shapes: shapes()});
    Object.assign(plot.layout.xaxis, across());
    Object.assign(plot.layout.yaxis, upright());
    if (!indices.length) Plotly.redraw(plot);
    else
      Plotly.extendTraces(
        plot,
        sparse() && plot.data[MAIN].error_y.array
          ? {x, y, 'error_y.array': above, 'error_y.arrayminus': below}
          : {x, y},
        indices,
      );
    words();
  }

  // A single minibatch says little, so where a smoothed line is drawn the words tell its end.
  const lastOf = line => {
    const series = seriesOf(line);
    if (!series?.x.length) return null;
    const raw = series.y.at(-1),
      smooth = smoothing() > 0 && states.find(state => state.line.id === line.id)?.end?.[1];
    return {
      first: series.y[0],
      step0: series.x[0],
      last: raw == null ? series.bad.at(-1)?.[1] : smooth || raw,
      raw,
      step: series.x.at(-1),
      i: series.x.length - 1,
    };
  };
  function words() {
    const {info, lines} = view,
      unit = info.unit && info.unit !== 'share' ? ` ${info.unit}` : '';
    const ends = lines.map(line => ({line, ...lastOf(line)})).filter(end => end.step !== undefined);
    if (title.dataset.words !== info.title) {
      title.replaceChildren(info.title, tip(info.about));
      title.dataset.words = info.title;
    }
    if (lines.length === 1 && ends.length) {
      const [low, high] = edgesOf(lines[0]).map(edge => edge?.y.at(-1));
      value.replaceChildren(
        el('b', {}, number(ends[0].last)),
        unit,
        ' ',
        el('span', {class: 'rl-faint'}, interval(low, high)),
      );
      value.title = smoothing() > 0 ? `Smoothed. The last point alone is ${number(ends[0].raw)}.` : '';
    } else value.replaceChildren();
    caption.textContent = [
      view.caption?.(),
      covers.some(Boolean) && 'Where lines lie on each other, the lower one is drawn wide.',
    ]
      .filter(Boolean)
      .join(' ');
    plot.setAttribute(
      'aria-label',
      ends.length
        ? `${info.title} by ${AXES[view.axis].toLowerCase()}. ${ends.map(end => `${end.line.name}: from ${number(end.first)} at step ${end.step0} to ${number(end.last)}${unit} at step ${end.step}`).join('; ')}.`
        : `${info.title}: no points yet.`,
    );
    legend.hidden = lines.length < 2 || labelled();
    if (!legend.hidden)
      legend.replaceChildren(
        ...lines.map(line =>
          el(
            'button',
            {type: 'button', 'aria-pressed': String(!hidden.has(line.id)), onclick: () => toggle(line.id)},
            glyph(line.method),
            line.name,
            ['', ' (dashed)', ' (dotted)'][line.nth % 3],
          ),
        ),
      );
    if (tabled) fillTable();
  }
  function decorate() {
    overlay.place({
      ends: labelled()
        ? states
            .filter(state => state.end && !hidden.has(state.line.id))
            .map(state => ({
              ...state.line,
              x: state.end[0],
              y: state.end[1],
              words: number(lastOf(state.line).last),
            }))
        : [],
      alarms: alarmMarks && view.axis === 'step' ? (view.alarms ?? []) : [],
    });
  }
  function toggle(id) {
    if (!hidden.delete(id)) hidden.add(id);
    draw();
  }

  // The same numbers as a table, newest first.
  const MOST_ROWS = 200;
  function fillTable() {
    if (!lastPoint()) return table.replaceChildren();
    const steps = [...new Set(view.lines.flatMap(line => seriesOf(line)?.x ?? []))].sort((a, b) => b - a);
    const at = view.lines.map(line => {
      const series = seriesOf(line);
      return new Map(series?.x.map((step, i) => [step, i]));
    });
    const cell = (line, i) => {
      if (i === undefined) return NONE;
      const [low, high] = edgesOf(line).map(edge => edge?.y[i]),
        series = seriesOf(line);
      return `${number(series.y[i] ?? new Map(series.bad).get(series.x[i]))} ${interval(low, high)}`;
    };
    table.replaceChildren(
      el(
        'div',
        {class: 'rl-scroll', tabindex: 0},
        el(
          'table',
          {class: 'rl-t'},
          el('caption', {class: 'rl-vh'}, `${view.info.title} by step`),
          el(
            'thead',
            {},
            el(
              'tr',
              {},
              el('th', {scope: 'col'}, 'Step'),
              view.lines.map(line => el('th', {scope: 'col', class: 'r'}, line.name)),
            ),
          ),
          el(
            'tbody',
            {},
            steps.slice(0, MOST_ROWS).map(step =>
              el(
                'tr',
                {},
                el('th', {scope: 'row'}, number(step)),
                view.lines.map((line, i) => el('td', {class: 'r rl-num'}, cell(line, at[i].get(step)))),
              ),
            ),
          ),
        ),
      ),
      (steps.length > MOST_ROWS &&
        el('p', {class: 'rl-xs rl-faint'}, `The newest ${MOST_ROWS} of ${steps.length} steps.`)) ||
        '',
    );
  }
  const showTable = on => {
    tabled = on;
    if (on && view) fillTable();
    else table.replaceChildren();
  };

  const me = {
    node,
    grow,
    lastX,
    rerange,
    showTable,
    show(next) {
      view = next;
      draw();
    },
  };
  group.charts.add(me);
  const redraw = () => drawn && draw();
  addEventListener('rl:theme', redraw);
  let before = 0;
  new ResizeObserver(() => {
    if (Math.abs(width() - before) < 1) return;
    before = width();
    if (view) draw();
  }).observe(holder);
  return me;
};
