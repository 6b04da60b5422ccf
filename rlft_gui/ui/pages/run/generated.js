/* eslint-disable */
// @ts-nocheck
// The rows that a run makes: texts beside each other, what changed between them marked; edited, dropped and
// let pass
// here until a run that takes them begins. One page at a time, live while rows are being made.
import {sides} from '../../components/diff.js';
import {asked as rlAsked, remember} from '../../components/address.js';
import {el} from '../../components/dom.js';
import {call, poll} from '../../components/live.js';
import {
  badge,
  button as rlButton,
  card as rlCard,
  empty,
  icon,
  note,
  seg,
  skeleton,
} from '../../components/marks.js';
import {count, number as rlNumber} from '../../components/words.js';
import {onRun, runId, wakeRun} from './head.js';

const KINDS = [
  ['all', 'All'],
  ['edited', 'Edited'],
  ['dropped', 'Dropped'],
];
const MOST_COLUMNS = 4;

export default ({root, server}) => {
  if (!runId) return;
  const asked = rlAsked();
  let which = KINDS.some(([key]) => key === asked.get('rows')) ? asked.get('rows') : 'all',
    offset = Math.max(0, parseInt(asked.get('row') ?? 0) || 0);
  let facts = null,
    page = null,
    version = '',
    shown = '',
    busy = false;
  const editing = new Map(); // row number → its texts as typed so far

  const bar = el('div'),
    body = el('div'),
    sub = el('span', {class: 'rl-sub'}),
    state = el('span', {class: 'rl-num', role: 'status'}),
    said = el('p', {class: 'rl-small', role: 'alert', style: 'color:var(--bad)'});
  const kinds = seg({label: 'Which rows', value: which, options: KINDS}, key => go({which: key, offset: 0}));
  const previous = rlButton('Previous', () => go({offset: Math.max(0, offset - page.size)}), 'sm'),
    next = rlButton('Next', () => go({offset: offset + page.size}), 'sm');
  const pager = el(
    'div',
    {class: 'rl-row rl-between rl-small rl-muted rl-pager'},
    state,
    el('span', {class: 'rl-row'}, previous, next),
  );
  const card = rlCard(
    {title: 'Rows', id: 'rows', tools: el('div', {class: 'rl-tools'}, kinds)},
    said,
    body,
    pager,
  );
  card.querySelector('h2').append(sub);
  card.hidden = true;
  body.append(el('div', {class: 'rl-cb'}, skeleton(30, 92, 84)));
  root.append(el('div', {class: 'rl-stack'}, bar, card));

  function go(to) {
    ({which = which, offset = offset} = to);
    version = '';
    remember({rows: which === 'all' ? null : which, row: offset || null});
    wake();
  }
  const can = () => facts.review && !facts.review.fixed;
  const told = node => async () => {
    said.textContent = '';
    busy = true;
    try {
      await node();
    } catch (error) {
      said.textContent = error.message;
    }
    busy = false;
  };

  async function change(number, what) {
    const row = await call(server.run_edit_row, {run: runId, number, ...what});
    const at = page.rows.findIndex(one => one.number === number);
    if (at >= 0) page.rows[at] = row;
    editing.delete(number);
    draw(true);
    version = '';
    wake();
  }
  const edit = row => {
    editing.set(
      row.number,
      Object.fromEntries(row.texts.filter(text => text.column).map(text => [text.column, text.text])),
    );
    draw(true);
    body.querySelector(`[data-row="${row.number}"] textarea`)?.focus();
  };
  const cancel = row => {
    editing.delete(row.number);
    draw(true);
    body.querySelector(`[data-row="${row.number}"] button`)?.focus();
  };
  const save = row =>
    told(async () => {
      const typed = editing.get(row.number),
        columns = Object.fromEntries(
          row.texts
            .filter(({column, text}) => column && typed[column] !== text)
            .map(({column}) => [column, typed[column]]),
        );
      if (!Object.keys(columns).length) return cancel(row);
      await change(row.number, {columns});
    });

  const figures = pairs =>
    pairs.length > 0 &&
    el(
      'div',
      {class: 'rl-sc'},
      pairs.map(([name, value]) =>
        el(
          'span',
          {class: 'rl-num'},
          typeof value === 'number' ? `${name} ${rlNumber(value)}` : `${name}: ${value}`,
        ),
      ),
    );
  const words = title => title[0].toUpperCase() + title.slice(1);
  // A text against the one it came from: the older loses words, the newer gains them.
  function marked(row, place) {
    const {text, against} = row.texts[place],
      later = row.texts.findIndex(one => one.against === place);
    if (against != null) return sides(row.texts[against].text, text)[1];
    return later >= 0 ? sides(text, row.texts[later].text)[0] : [text];
  }
  function column(row, text, place) {
    const typed = editing.get(row.number),
      head = el('div', {class: 'rl-st'}, el('b', {}, words(text.title)));
    if (!typed || !text.column)
      return el(
        'div',
        {},
        head,
        el(
          'p',
          {class: 'rl-made-text'},
          text.text ? marked(row, place) : el('span', {class: 'rl-faint'}, '(empty)'),
        ),
        figures(text.figures),
      );
    const box = el('textarea', {
      class: 'rl-inp',
      rows: 6,
      'aria-label': `${words(text.title)} of row ${row.number}`,
      oninput: () => {
        typed[text.column] = box.value;
      },
      onkeydown: event => {
        if (event.key === 'Escape') cancel(row);
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save(row)();
      },
    });
    box.value = typed[text.column];
    return el('div', {}, head, box);
  }
  function acts(row) {
    if (!can()) return '';
    if (editing.has(row.number))
      return el(
        'span',
        {class: 'rl-acts'},
        rlButton('Save', save(row), 'sm'),
        rlButton('Cancel', () => cancel(row), 'sm'),
      );
    const drop = rlButton(
      row.dropped ? 'Take back in' : 'Drop',
      told(() => change(row.number, {drop: !row.dropped})),
      'sm',
    );
    return el(
      'span',
      {class: 'rl-acts'},
      !row.dropped && row.texts.some(text => text.column) && rlButton('Edit', () => edit(row), 'sm'),
      drop,
    );
  }
  function section(row, columns) {
    const marks = [row.edited && badge('run', '', 'Edited'), row.dropped && badge('warn', 'x', 'Dropped')];
    return el(
      'section',
      {
        class: `rl-made ${row.dropped ? 'dropped' : ''}`,
        'data-row': row.number,
        'aria-label': `Row ${row.number}`,
      },
      el(
        'div',
        {class: 'rl-prow'},
        el('span', {class: 'rl-faint rl-num'}, row.number),
        el('h3', {}, row.prompt),
        marks,
        el('span', {class: 'rl-grow'}),
        acts(row),
      ),
      el(
        'div',
        {class: 'rl-film', style: `--n:${Math.min(columns, MOST_COLUMNS)}`},
        row.texts.map((text, place) => column(row, text, place)),
      ),
      row.notes.length > 0 && el('p', {class: 'rl-made-notes'}, figures(row.notes)),
    );
  }
  function drawBar() {
    const {run, review} = facts,
      kept = page ? page.counts.all - page.counts.dropped : 0;
    const stages = review.waiting.map(one => one.stage).join(' and ');
    if (!review.waiting.length) return bar.replaceChildren();
    if (run.status !== 'succeeded')
      return bar.replaceChildren(
        note(
          '',
          `${stages} will wait for you`,
          'When all rows are made, look at them here and let them pass.',
        ),
      );
    const pass = rlButton(
      'Let them pass',
      told(async () => {
        pass.disabled = true;
        try {
          await call(server.run_action, {run: runId, action: 'approve'});
          bar.replaceChildren();
          wakeRun.now();
        } finally {
          pass.disabled = false;
        }
      }),
      'primary',
    );
    bar.replaceChildren(
      el(
        'div',
        {class: 'rl-note rl-waits', role: 'status'},
        icon('clock'),
        el(
          'div',
          {class: 'rl-grow'},
          el(
            'div',
            {class: 'rl-nt'},
            page ? `${count(kept, 'row')} ${kept === 1 ? 'waits' : 'wait'} for you` : 'Rows wait for you',
          ),
          el(
            'p',
            {class: 'rl-small'},
            `${stages} begins when you let them pass. Edit an answer or drop a row before; afterwards they stay as they are.`,
          ),
        ),
        pass,
      ),
    );
  }
  function draw(force = false) {
    const key = JSON.stringify([page, facts.review, [...editing.keys()]]);
    if (key === shown && !force) return;
    shown = key;
    drawBar();
    const {counts, rows, left_out: reasons} = page,
      out = Object.values(reasons).reduce((a, b) => a + b, 0);
    kinds.querySelectorAll('label').forEach((label, i) => {
      label.lastChild.textContent = `${KINDS[i][1]} ${rlNumber(counts[KINDS[i][0]])}`;
    });
    sub.textContent = [
      out &&
        `${count(out, 'prompt')} gave none: ${Object.entries(reasons)
          .map(([why, n]) => (n === out ? why : `${rlNumber(n)} × ${why}`))
          .join(', ')}`,
      facts.run.status === 'succeeded' && facts.review.fixed,
    ]
      .filter(Boolean)
      .join(' · ');
    const columns = Math.max(1, ...rows.map(row => row.texts.length));
    if (rows.length) body.replaceChildren(...rows.map(row => section(row, columns)));
    else
      body.replaceChildren(
        which === 'all'
          ? empty(
              'No rows yet',
              facts.run.live || facts.run.status === 'queued'
                ? 'The first ones come soon after the start.'
                : 'This run has made none.',
            )
          : empty(`No row is ${which}`, 'Choose All to see the others.'),
      );
    state.textContent = rows.length
      ? `${rlNumber(offset + 1)} to ${rlNumber(offset + rows.length)} of ${rlNumber(counts[which])}`
      : '';
    previous.disabled = offset === 0;
    next.disabled = offset + rows.length >= counts[which];
    pager.hidden = previous.disabled && next.disabled;
  }
  let wake = () => {};
  onRun(now => {
    if (now.run.product !== 'rows') return;
    const first = !facts;
    facts = now;
    card.hidden = false;
    if (!can()) editing.clear();
    if (page) draw();
    else drawBar();
    if (!first) return wake();
    wake = poll(root, 2000, async () => {
      if (editing.size || busy) return 1000; // nothing is redrawn under somebody's hands
      const answer = await call(server.run_rows, {run: runId, which, offset, seen: version});
      if (offset && answer.rows && !answer.rows.length) {
        go({offset: 0});
        return 100;
      }
      if (answer.rows) {
        page = answer;
        version = answer.version;
        draw();
      }
      return facts.run.live ? 2000 : 10000;
    });
  });
};
