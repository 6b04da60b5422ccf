/* eslint-disable */
// @ts-nocheck
// The chart of the page Runs: any of up to six runs, one metric, live.
import {chart as rlChart, chartGroup, isSparse} from '../../components/chart.js';
import {store as rlStore} from '../../components/curves.js';
import {asked as rlAsked, remember as rlRemember} from '../../components/address.js';
import {el} from '../../components/dom.js';
import {call} from '../../components/live.js';
import {button, card as rlCard, seg} from '../../components/marks.js';
import {clock, count as rlCount, telling} from '../../components/words.js';
import {runName} from '../../components/titles.js';
import {selection} from './selection.js';

const AXES = [
  ['step', 'Step'],
  ['tokens', 'Tokens'],
  ['kl', 'KL'],
];

export default ({root, server, props}) => {
  const asked = rlAsked();
  let metric = asked.get('m') || 'probe/gold',
    axis = AXES.some(([key]) => key === asked.get('x')) ? asked.get('x') : 'step',
    tables = asked.get('table') === '1',
    choices = [];
  const select = el('select', {
    class: 'rl-inp',
    'aria-label': 'Metric',
    onchange: () => {
      metric = select.value;
      remember();
      ask();
    },
  });
  const sub = el('span', {class: 'rl-sub'});
  const table = el(
    'button',
    {
      type: 'button',
      class: 'rl-btn sm rl-hide-s',
      'aria-pressed': String(tables),
      onclick: () => {
        tables = !tables;
        table.setAttribute('aria-pressed', String(tables));
        remember();
        chart.showTable(tables);
      },
    },
    'Table',
  );
  const smoothing = 0.75;
  const tools = el(
    'div',
    {class: 'rl-tools'},
    el('label', {}, el('span', {class: 'rl-k'}, 'Metric'), select),
    el(
      'span',
      {},
      el('span', {class: 'rl-k'}, 'x axis'),
      seg({label: 'x axis', value: axis, options: AXES}, value => {
        axis = value;
        group.zoom = null;
        remember();
        ask();
      }),
    ),
    table,
  );
  const group = chartGroup();
  const body = el('div', {class: 'rl-cb'});
  const card = rlCard({title: 'Curves', tools}, body);
  card.querySelector('h2').append(sub);
  root.append(card);
  const remember = () =>
    rlRemember({
      m: metric === 'probe/gold' ? null : metric,
      x: axis === 'step' ? null : axis,
      table: tables ? 1 : null,
    });

  const store = rlStore(
    root,
    server.curves,
    ({grown, fresh, missing}) => {
      if (missing.length) selection.tick(selection.ids.filter(id => !missing.includes(id)));
      if (fresh) show();
      else chart.grow(grown);
      count();
      if (fresh && Object.keys(grown).length) listMetrics();
    },
    JSON.parse(props.metrics),
  );
  const chart = rlChart({get: store.get, height: 340, endLabels: true, group});
  body.append(chart.node);

  function lines() {
    const seen = {},
      names = new Map();
    const runs = selection.ids.map(id => selection.cards.get(id)).filter(Boolean);
    for (const run of runs) names.set(runName(run), (names.get(runName(run)) ?? 0) + 1);
    const titles = telling(runs.map(run => run.title));
    return runs.map((run, i) => {
      const nth = (seen[run.palette] = (seen[run.palette] ?? -1) + 1),
        same = names.get(runName(run)) > 1;
      const tail = `${run.stage}${same ? ` ${clock(new Date(run.created_at * 1000))}` : ''}`;
      return {
        id: run.id,
        name: `${run.title} · ${tail}`,
        title: titles[i],
        tail: titles[i] ? ` · ${tail}` : tail,
        method: run.palette,
        nth,
      };
    });
  }
  const known = id => store.get(id)?.series[metric]?.x.length;
  function empty() {
    const ids = selection.ids;
    if (!ids.length) return ['No run is drawn', 'Tick up to six runs in the table below.'];
    if (ids.some(id => !store.get(id))) return 'loading';
    const shared = choices.filter(choice => choice.runs === ids.length).map(choice => choice.name);
    const other = shared.find(name => name !== metric);
    return [
      `None of these runs has reported ${store.info(metric).title.toLowerCase()}`,
      other
        ? `They share ${shared.slice(0, 3).join(', ')}.`
        : 'The first points come soon after the start of a run.',
      other &&
        button(
          `Show ${other}`,
          () => {
            metric = other;
            remember();
            ask();
          },
          'sm',
        ),
    ];
  }
  let shown = false;
  function show() {
    shown = true;
    const all = lines(),
      second = all.some(line => line.nth);
    const caption = [
      isSparse(metric)
        ? metric === 'probe/gold'
          ? 'Each dot is one probe on held-out prompts; bars: 95 % interval over prompts.'
          : 'Each dot is one probe on held-out prompts.'
        : 'Thin line: every step. Thick line: smoothed.',
      second && 'A dashed line is a second run of the same method.',
      axis === 'kl' &&
        'KL is measured against the base, so methods can share it; it is known at probes only.',
    ]
      .filter(Boolean)
      .join(' ');
    chart.show({
      metric,
      info: store.info(metric),
      lines: all,
      axis,
      smoothing,
      alarms: [],
      caption: () => caption,
      empty: empty(),
    });
    chart.showTable(tables);
  }
  function count() {
    const ids = selection.ids,
      live = ids.filter(id => store.get(id)?.live).length;
    sub.textContent = ids.length ? `${rlCount(ids.length, 'run')}${live ? `, ${live} live` : ''}` : '';
  }
  const names = () => [
    metric,
    `${metric}/low`,
    `${metric}/high`,
    ...(axis === 'tokens' ? ['tokens'] : axis === 'kl' ? ['probe/kl/seq'] : []),
  ];
  function ask() {
    const ids = selection.ids;
    store.select(ids, [...new Set(names())]);
    // What is there is drawn at once; while another metric is on its way the old one stays.
    if (!shown || ids.every(id => store.get(id))) show();
    count();
    listMetrics();
  }
  let listed = '';
  async function listMetrics() {
    const ids = selection.ids;
    try {
      if (ids.length) choices = (await call(server.shared_metrics, {runs: ids})).metrics;
    } catch {
      return;
    }
    const options = choices.some(choice => choice.name === metric)
      ? choices
      : [{name: metric, info: store.info(metric)}, ...choices];
    if (JSON.stringify(options) === listed) {
      select.value = metric;
      return;
    }
    listed = JSON.stringify(options);
    select.replaceChildren(
      ...options.map(({name, info: {title}}) =>
        el('option', {value: name}, title === name ? name : `${title} (${name})`),
      ),
    );
    select.value = metric;
    if (!ids.some(known)) show();
  }
  let before = '';
  const ticks = () => {
    const now = selection.ids.filter(id => selection.cards.has(id)).join();
    if (now !== before || !now) {
      before = now;
      ask();
    }
  };
  selection.on(ticks);
};
