/* eslint-disable */
// @ts-nocheck
// The table of the page Runs. Rows are kept and refilled, so that focus and ticks survive each look at the app.
import {address, asked as rlAsked, remember} from '../../components/address.js';
import {el, link} from '../../components/dom.js';
import {call, elapsed, poll} from '../../components/live.js';
import {badge, button, empty, glyph, seg, status as rlStatus} from '../../components/marks.js';
import {NONE, ago, alarmName, duration, interval, number, outcome} from '../../components/words.js';
import {runs} from './head.js';

const COLUMNS = [
  ['run', 'Run', ''],
  ['status', 'Status', ''],
  ['steps', 'Steps', 'r'],
  ['probe', 'Probe, gold [95 %]', 'r'],
  ['kl', 'KL, nats per answer', 'r'],
  ['time', 'Time', 'r'],
  ['started', 'Started', 'r'],
];
const GROUPS = [
  ['all', 'All'],
  ['active', 'Active'],
  ['failed', 'Failed'],
];

export default ({root, server}) => {
  const asked = rlAsked(),
    pick = (name, allowed, otherwise) => (allowed.includes(asked.get(name)) ? asked.get(name) : otherwise);
  const view = {
    text: asked.get('q') ?? '',
    group: pick(
      'show',
      GROUPS.map(([key]) => key),
      'all',
    ),
    order: pick(
      'sort',
      COLUMNS.map(([key]) => key),
      'started',
    ),
    upwards: asked.get('up') === '1',
    offset: Math.max(0, parseInt(asked.get('from') ?? 0) || 0),
  };
  const rows = new Map();
  let page = null,
    offset = 0;

  const change = changes => {
    Object.assign(view, {offset: 0}, changes);
    remember({
      q: view.text,
      show: view.group === 'all' ? null : view.group,
      sort: view.order === 'started' ? null : view.order,
      up: view.upwards ? 1 : null,
      from: view.offset || null,
    });
    wake();
  };
  let typing = null;
  const find = el('input', {
    type: 'search',
    class: 'rl-inp short',
    placeholder: 'Find a run',
    'aria-label': 'Find a run',
    value: view.text,
    oninput: () => {
      clearTimeout(typing);
      typing = setTimeout(() => change({text: find.value.trim()}), 250);
    },
  });
  const groups = seg({label: 'Which runs', value: view.group, options: GROUPS}, group => change({group}));
  const heads = COLUMNS.map(([key, words, kind]) =>
    el(
      'th',
      {scope: 'col', class: kind},
      el(
        'button',
        {
          type: 'button',
          onclick: () =>
            change({
              order: key,
              upwards: view.order === key ? !view.upwards : key === 'run' || key === 'status',
            }),
        },
        words,
      ),
    ),
  );
  const body = el('tbody'),
    state = el('span', {class: 'rl-num', role: 'status'});
  const previous = button('Previous', () => change({offset: Math.max(0, view.offset - page.size)}), 'sm'),
    next = button('Next', () => change({offset: view.offset + page.size}), 'sm');
  const table = el(
    'table',
    {class: 'rl-t rl-resp rl-runs-t'},
    el('caption', {class: 'rl-vh'}, 'All runs'),
    el(
      'thead',
      {},
      el('tr', {}, el('th', {scope: 'col'}, el('span', {class: 'rl-vh'}, 'On the chart')), heads),
    ),
    body,
  );
  const none = el('div', {hidden: true});
  root.append(
    el(
      'section',
      {class: 'rl-card', 'aria-label': 'All runs'},
      el(
        'div',
        {class: 'rl-ch'},
        el('div', {class: 'rl-tools'}, find, groups),
        el('span', {class: 'rl-small rl-muted rl-drawn', role: 'status'}),
      ),
      table,
      none,
      el(
        'div',
        {class: 'rl-row rl-between rl-small rl-muted rl-pager'},
        state,
        el('span', {class: 'rl-row'}, previous, next),
      ),
    ),
  );
  const drawn = root.querySelector('.rl-drawn');

  function makeRow(id) {
    const box = el('input', {
      type: 'checkbox',
      onchange: () =>
        runs.tick(box.checked ? [...runs.ticked, id] : [...runs.ticked].filter(other => other !== id)),
    });
    const cells = COLUMNS.map(([key, words, kind]) =>
      el('td', {
        class: `${kind ? 'r rl-num ' : ''}${key === 'run' || key === 'status' ? 'full' : key === 'steps' || key === 'started' ? 'rl-hide-s' : ''}`,
        'data-l': key === 'run' || key === 'status' ? null : words,
      }),
    );
    return {tr: el('tr', {}, el('td', {}, box), cells), box, cells, shown: ''};
  }
  function fill(row, run) {
    row.box.setAttribute('aria-label', `Draw ${runs.name(run)}`);
    const time = elapsed(run, Date.now() / 1000 + offset),
      now = Date.now() / 1000 + offset;
    const words = JSON.stringify([run, Math.round(time ?? 0), ago(now - run.created_at)]);
    if (words === row.shown) return;
    const had = row.tr.contains(document.activeElement) && document.activeElement !== row.box;
    row.shown = words;
    const [name, status, steps, probe, kl, took, started] = row.cells;
    name.replaceChildren(
      el(
        'span',
        {class: 'rl-meth'},
        glyph(run.method),
        link(address('/run', {run: run.id}), {class: 'rl-nm'}, run.title),
      ),
      el(
        'span',
        {class: 'rl-sub'},
        `${run.stage} · ${run.base}${run.attempt > 1 ? ` · attempt ${run.attempt}` : ''}`,
      ),
    );
    status.replaceChildren(
      el(
        'span',
        {class: 'rl-row rl-wrap', style: 'gap:4px'},
        rlStatus(run, run.status === 'running' && run.percent != null ? ` ${run.percent} %` : ''),
        run.alarm && badge('warn', 'warn', alarmName(run.alarm)),
      ),
      ['failed', 'queued', 'stopped'].includes(run.status) && run.reason
        ? el('span', {class: 'rl-sub rl-reason', title: run.reason}, run.reason)
        : '',
    );
    steps.textContent = run.total_steps
      ? `${number(run.step)} / ${number(run.total_steps)}`
      : run.step
        ? number(run.step)
        : NONE;
    if (run.product === 'policy')
      probe.replaceChildren(
        number(run.gold, run.gold == null ? undefined : 2),
        ' ',
        el('span', {class: 'rl-faint'}, interval(run.low, run.high)),
      );
    else {
      probe.textContent = outcome(run) || NONE;
      probe.dataset.l = 'Result';
    }
    kl.textContent = number(run.kl);
    took.replaceChildren(
      time == null ? NONE : duration(time),
      run.left ? el('span', {class: 'rl-sub'}, run.left) : '',
    );
    started.textContent = ago(now - run.created_at);
    if (had) name.querySelector('a').focus();
  }
  function draw() {
    offset = page.now - Date.now() / 1000;
    for (const run of [...page.rows, ...page.drawn]) runs.views.set(run.id, run);
    const shown = page.rows.map(run => {
      const row = rows.get(run.id) ?? makeRow(run.id);
      rows.set(run.id, row);
      fill(row, run);
      return row.tr;
    });
    if (shown.length !== body.children.length || shown.some((tr, i) => tr !== body.children[i]))
      body.replaceChildren(...shown);
    heads.forEach((head, i) => {
      const mine = COLUMNS[i][0] === view.order;
      if (mine) head.setAttribute('aria-sort', view.upwards ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
      head.firstChild.textContent = COLUMNS[i][1] + (mine ? (view.upwards ? ' ↑' : ' ↓') : '');
    });
    groups.querySelectorAll('label').forEach((label, i) => {
      label.lastChild.textContent = `${GROUPS[i][1]} ${page.counts[GROUPS[i][0]]}`;
    });
    const from = Math.min(view.offset + 1, page.total),
      to = Math.min(view.offset + page.size, page.total);
    state.textContent = page.total ? `${from} to ${to} of ${page.total}` : '';
    previous.disabled = view.offset === 0;
    next.disabled = to >= page.total;
    none.hidden = page.rows.length > 0;
    table.hidden = !none.hidden;
    if (!none.hidden)
      none.replaceChildren(
        page.counts.all || view.text || view.group !== 'all'
          ? empty(
              'No run fits',
              view.text ? `Nothing found for “${view.text}”.` : 'There is none in this group.',
              button(
                'Show all runs',
                () => {
                  find.value = '';
                  groups.querySelector('input').checked = true;
                  change({text: '', group: 'all'});
                },
                'sm',
              ),
            )
          : empty(
              'No runs yet',
              'A run that you start appears here and keeps going without this page.',
              link('/new', {class: 'rl-btn sm'}, 'New pipeline'),
            ),
      );
    if (!runs.ticked)
      runs.ticked = new Set(
        page.rows
          .filter(run => run.step > 0 && run.product === 'policy')
          .slice(0, 4)
          .map(run => run.id),
      );
    ticks();
  }
  function ticks() {
    const {ticked, MOST} = runs;
    for (const [id, {box}] of rows) {
      box.checked = ticked.has(id);
      box.disabled = !box.checked && ticked.size >= MOST;
    }
    drawn.textContent = ticked.size >= MOST ? 'Six are drawn; untick one to draw another.' : '';
  }
  runs.on('ticks', ticks);
  const wake = poll(root, 2000, async () => {
    page = await call(server.runs_page, {...view, drawn: [...(runs.ticked ?? [])]});
    if (view.offset && !page.rows.length && page.total) return change({offset: 0});
    runs.page = page;
    draw();
    runs.tell('page');
    return page.counts.active ? 2000 : 8000;
  });
};
