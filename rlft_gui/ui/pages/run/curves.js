/* eslint-disable */
// @ts-nocheck
// The curves of a run. Of a policy: what the optimiser sees above the probe on one x axis, distance,
// entropy and length
// beside. Of a reward model: held-out accuracy above the loss, accuracy by source beside. Of made rows: all
// figures
// small. Everything else below, in groups, on demand.
import {chart as rlChart, chartGroup, isSparse} from '../../components/chart.js';
import {store as rlStore} from '../../components/curves.js';
import {asked as rlAsked, remember as rlRemember} from '../../components/address.js';
import {el} from '../../components/dom.js';
import {button, card as rlCard, seg, skeleton} from '../../components/marks.js';
import {alarmName, count, number} from '../../components/words.js';
import {onRun, runId} from './head.js';

// What stands large, one from each list, the first that exists (else the last); and what stands small
// beside it.
const PLANS = {
  policy: {
    top: [['reward/mean', 'pref/margin', 'loss'], ['probe/gold']],
    comes: 'Loss or reward, and the probe on held-out prompts,',
    beside: [
      'probe/kl/token',
      'kl/token',
      'entropy/token',
      'length/mean',
      'probe/length',
      'pref/accuracy',
      'accuracy/token',
      'loss',
    ],
  },
  // Of data of one's own: its held-out loss first; the suite says what happened to Lantern's own skills.
  own: {
    top: [
      ['eval/loss', 'reward/mean', 'loss'],
      ['reward/mean', 'pref/margin', 'loss'],
    ],
    comes: 'The loss on your held-out rows, and loss or reward,',
    beside: [
      'probe/gold',
      'eval/pref/accuracy',
      'probe/kl/token',
      'kl/token',
      'entropy/token',
      'length/mean',
      'loss',
    ],
  },
  reward_model: {
    top: [['eval/pref/accuracy', /^eval\/rating\//, 'eval/loss'], ['loss']],
    comes: 'Accuracy on held-out pairs, and the loss,',
    beside: [
      /^eval\/source\//,
      /^eval\/rating\//,
      'eval/policy_accuracy',
      'eval/ece',
      'eval/length_correlation',
      'pref/accuracy',
    ],
  },
  rows: {top: [], beside: []},
};
const BESIDE_MOST = 4;
const FOR_ROWS = 3; // of made rows, so many before the others
const GROUPS = [
  ['Rows', /^made\//],
  ['Judge', /^judge\//],
  ['Revisions', /^revision\//],
  ['Reward', /^(eval\/)?reward\/|^objective$/],
  ['Distance', /(^|\/)kl(\/|$)|^ratio$|^clip_fraction$|^approx_kl$/],
  ['Answers', /length|truncated|^entropy/],
  ['Pairs', /^pref\//],
  ['Held-out rows', /^eval\//],
  ['Probe', /^probe\//],
  ['Losses and steps', /^/],
];
const fits = (pattern, name) => (typeof pattern === 'string' ? pattern === name : pattern.test(name));
const NOT_ALONE = /^probe\/gold\/(low|high)$/; // drawn as bars of the probe
const SIZES = {main: {height: 284}, small: {height: 132, small: true}};
const LAST = ['lr', 'grad_norm', 'tokens', 'probe/seconds'];

export default ({root, server, props}) => {
  if (!runId) return;
  const asked = rlAsked(),
    group = chartGroup(),
    charts = new Map();
  let facts = null,
    axis = asked.get('x') === 'tokens' ? 'tokens' : 'step',
    smoothing = Number(asked.get('smooth') ?? 0.75),
    layout = '',
    open = asked.get('more') === '1',
    tables = asked.get('table') === '1';
  if (!(smoothing >= 0 && smoothing < 1)) smoothing = 0.75;

  const age = el('span', {class: 'rl-sub'}),
    main = el('div', {class: 'rl-stack'}),
    side = el('div', {class: 'rl-stack'}),
    first = el('div', {class: 'rl-charts-rest'}),
    rest = el('div', {class: 'rl-charts-rest'}),
    plots = el('div', {class: 'rl-charts'}, main, side);
  const slider = el('input', {
    type: 'range',
    min: 0,
    max: 0.95,
    step: 0.05,
    value: smoothing,
    'aria-label': 'Smoothing',
    oninput: () => {
      smoothing = Number(slider.value);
      shown.textContent = smoothing.toFixed(2);
      remember();
      showAll();
    },
  });
  const shown = el('span', {class: 'rl-num'}, smoothing.toFixed(2));
  const table = button(
    'Table',
    () => {
      tables = !tables;
      remember();
      showTables();
    },
    'sm rl-hide-s',
  );
  const more = el('button', {
    type: 'button',
    class: 'rl-link rl-small',
    'aria-expanded': String(open),
    onclick: () => {
      open = !open;
      remember();
      arrange(true);
    },
  });
  const tools = el(
    'div',
    {class: 'rl-tools'},
    el(
      'span',
      {},
      el('span', {class: 'rl-k'}, 'x axis'),
      seg(
        {
          label: 'x axis',
          value: axis,
          options: [
            ['step', 'Step'],
            ['tokens', 'Tokens'],
          ],
        },
        value => {
          axis = value;
          group.zoom = null;
          remember();
          showAll();
        },
      ),
    ),
    el('label', {class: 'rl-small rl-hide-s'}, el('span', {class: 'rl-k'}, 'Smoothing'), slider, ' ', shown),
    table,
  );
  const waiting = el('div', {class: 'rl-small rl-muted'});
  const card = rlCard(
    {title: 'Curves', tools},
    el('div', {class: 'rl-cb'}, waiting, plots, first, el('div', {class: 'rl-charts-more'}, more), rest),
  );
  card.querySelector('h2').append(age);
  card.hidden = true;
  root.append(card);

  const remember = () =>
    rlRemember({
      x: axis === 'step' ? null : axis,
      smooth: smoothing === 0.75 ? null : smoothing,
      more: open ? 1 : null,
      table: tables ? 1 : null,
    });
  const store = rlStore(
    root,
    server.curves,
    ({grown, fresh}) => {
      arrange();
      if (fresh) showAll();
      else for (const [metric, chart] of charts) chart.chart.grow(grown);
      showAge();
    },
    JSON.parse(props.metrics),
  );

  const groupOf = name => GROUPS.findIndex(([, pattern]) => pattern.test(name));
  const grouped = names =>
    GROUPS.map(([title], i) => [title, names.filter(name => groupOf(name) === i)]).filter(
      ([, group]) => group.length,
    );
  // Which metrics there are decides which charts there are; new ones may appear while the run goes on.
  const planned = () => PLANS[facts?.judged_by === 'own' ? 'own' : (facts?.run.product ?? 'policy')];
  function arrange(force = false) {
    const run = store.get(runId),
      names = Object.keys(run?.series ?? {})
        .filter(name => !NOT_ALONE.test(name))
        .sort();
    const plan = planned(),
      find = pattern => names.filter(name => fits(pattern, name));
    const top = [...new Set(plan.top.map(list => list.flatMap(find)[0] ?? list.at(-1)))];
    const beside = [...new Set(plan.beside.flatMap(find))]
      .filter(name => !top.includes(name))
      .slice(0, BESIDE_MOST);
    const others = names
      .filter(name => !top.includes(name) && !beside.includes(name))
      .sort((a, b) => groupOf(a) - groupOf(b) || LAST.includes(a) - LAST.includes(b));
    const small = plan.top.length ? [] : others.filter(name => name !== 'made/rows').slice(0, FOR_ROWS); // how many there are, the table says
    if (names.length) card.hidden = false;
    if (announce(run, names)) return;
    const hidden = others.filter(name => !small.includes(name));
    const next = JSON.stringify([top, beside, small, hidden, open]);
    if (next === layout && !force) return;
    layout = next;
    more.hidden = !hidden.length;
    more.textContent = open ? 'Fewer curves' : `${count(hidden.length, 'more curve')}`;
    more.setAttribute('aria-expanded', String(open));
    const wanted = [
      ...top.map(metric => [metric, 'main']),
      ...beside.map(metric => [metric, 'small']),
      ...small.map(metric => [metric, 'small']),
      ...(open ? hidden : []).map(metric => [metric, 'small']),
    ];
    for (const [metric, {chart, size}] of charts) {
      if (wanted.some(([name, its]) => name === metric && its === size)) continue;
      group.charts.delete(chart);
      chart.node.remove();
      charts.delete(metric);
    }
    const node = (metric, size) => {
      if (!charts.has(metric))
        charts.set(metric, {
          size,
          chart: rlChart({get: store.get, group, ...SIZES[size], alarmMarks: metric === 'probe/gold'}),
        });
      return charts.get(metric).chart.node;
    };
    main.replaceChildren(...top.map(metric => node(metric, 'main')));
    side.replaceChildren(...beside.map(metric => node(metric, 'small')));
    first.replaceChildren(...small.map(metric => node(metric, 'small')));
    first.hidden = !small.length;
    plots.hidden = !top.length;
    rest.replaceChildren(
      ...(open ? grouped(hidden) : []).flatMap(([title, group]) => [
        el('h3', {class: 'rl-charts-group'}, title),
        ...group.map(metric => node(metric, 'small')),
      ]),
    );
    showAll();
    showTables();
  }
  // Before the first points a line says what will be drawn here; empty charts would fill the page.
  function announce(run, names) {
    const none = !names.length;
    waiting.hidden = !none;
    tools.hidden = none;
    if (!none) return false;
    plots.hidden = first.hidden = more.hidden = true;
    layout = '';
    waiting.replaceChildren(run ? upcoming() : skeleton(30, 90, 75));
    return true;
  }
  function upcoming() {
    const {run} = facts,
      comes = planned().comes;
    if (run.status === 'queued') return `${comes} are drawn here once the run has started.`;
    return run.live
      ? `${comes} are drawn here with the first points.`
      : 'This run ended before it reported any points.';
  }
  function caption(metric) {
    const run = store.get(runId),
      probe = run?.series[metric];
    if (metric === 'eval/loss' && facts.judged_by === 'own')
      return 'On rows of this data that are kept out of training.';
    if (metric === 'probe/gold' && facts.judged_by === 'own') return 'What it did to Lantern’s own skills.';
    if (metric !== 'probe/gold')
      return isSparse(metric)
        ? ''
        : main.contains(charts.get(metric)?.chart.node) && smoothing
          ? 'Thin line: every step. Thick line: smoothed.'
          : '';
    const known = probe?.y.map((y, i) => [y, probe.x[i]]).filter(([y]) => y !== null) ?? [];
    if (!known.length) return 'Gold score on held-out prompts.';
    const [best, step] = known.reduce((a, b) => (b[0] > a[0] ? b : a));
    return `Gold score on held-out prompts. Bars: 95 % interval over prompts. Best so far: ${number(best, 2)} at step ${step}.`;
  }
  const info = metric => store.info(metric);
  function show(metric) {
    const {chart} = charts.get(metric),
      {run, alarms} = facts;
    const firstProbe =
      run.live || run.status === 'queued'
        ? 'The first points come soon after the start.'
        : 'This run ended before it reported any.';
    chart.show({
      metric,
      info: info(metric),
      lines: [{id: runId, name: info(metric).title, method: run.method, nth: 0}],
      axis,
      smoothing,
      caption: () => caption(metric),
      alarms: alarms.map(alarm => ({...alarm, words: alarmName(alarm.name)})),
      empty: store.get(runId) ? ['No points yet', firstProbe] : 'loading',
    });
  }
  const showAll = () => {
    if (facts) for (const metric of charts.keys()) show(metric);
  };
  const showTables = () => {
    table.setAttribute('aria-pressed', String(tables));
    for (const {chart} of charts.values()) chart.showTable(tables);
  };
  function showAge() {
    const run = store.get(runId);
    age.textContent =
      run?.live && run.heard ? `live, last point ${Math.round((Date.now() - run.heard) / 1000)} s ago` : '';
  }
  const ticking = setInterval(() => (root.isConnected ? showAge() : clearInterval(ticking)), 1000);

  onRun(next => {
    const before = facts;
    facts = next;
    if (!before) card.hidden = next.run.product === 'rows'; // shown once there is something
    if (!before) {
      store.select([runId], null);
      arrange(true);
    } else if (
      before.alarms.length !== next.alarms.length ||
      before.run.status !== next.run.status ||
      before.run.attempt !== next.run.attempt
    ) {
      store.wake();
      arrange(true);
    }
  });
};
