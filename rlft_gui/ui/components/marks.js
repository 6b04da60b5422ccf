/* eslint-disable */
// @ts-nocheck
// Shapes with a meaning: method glyphs, icons, badges, and the blocks made of them (cards, notices,
// progress).
import {el, svg, uid} from './dom.js';
import {lookOf} from './looks.js';

const ICONS = {
  check: 'M3 8.5l3.2 3.2L13 4.8',
  play: 'M5 3.2l7.5 4.8L5 12.8Z',
  stop: 'M5 4h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Z',
  clock: 'M8 2.2a5.8 5.8 0 1 1 0 11.6 5.8 5.8 0 0 1 0-11.6ZM8 4.8V8l2.2 1.6',
  warn: 'M8 2.2 14.4 13.4H1.6ZM8 6.4v3.4M8 11.6v.2',
  x: 'M4 4l8 8M12 4l-8 8',
  copy: 'M6.9 5.5h5.2a1.4 1.4 0 0 1 1.4 1.4v5.2a1.4 1.4 0 0 1-1.4 1.4H6.9a1.4 1.4 0 0 1-1.4-1.4V6.9a1.4 1.4 0 0 1 1.4-1.4ZM10.5 3.4V3a.9.9 0 0 0-.9-.9H3A.9.9 0 0 0 2.1 3v6.6c0 .5.4.9.9.9h.4',
  arrow: 'M3 8h10M9 4l4 4-4 4',
  dash: 'M3.5 8h9',
  up: 'M8 13V3.5M4 7.2 8 3.2l4 4',
  down: 'M8 3v9.5M4 8.8l4 4 4-4',
  info: 'M8 2.2a5.8 5.8 0 1 1 0 11.6 5.8 5.8 0 0 1 0-11.6ZM8 7.4v3.6M8 5v.2',
};
const HALF = ['M8 2.2a5.8 5.8 0 1 1 0 11.6 5.8 5.8 0 0 1 0-11.6Z', 'M8 2.2a5.8 5.8 0 0 1 0 11.6Z'];

const glyph = method =>
  svg(
    'svg',
    {viewBox: '0 0 12 12', class: `rl-g rl-m-${lookOf(method).key}`, 'aria-hidden': 'true'},
    svg('path', {d: lookOf(method).shape, 'fill-rule': 'evenodd'}),
  );
const icon = name =>
  svg(
    'svg',
    {viewBox: '0 0 16 16', class: 'rl-i', 'aria-hidden': 'true'},
    name === 'half'
      ? [svg('path', {d: HALF[0]}), svg('path', {d: HALF[1], fill: 'currentColor'})]
      : svg('path', {d: ICONS[name]}),
  );
const live = () => el('i', {class: 'rl-live'});

// badge('warn', 'warn', 'Over-refusal'); the icon "live" is the pulsing dot.
const badge = (kind, mark, ...words) =>
  el('span', {class: `rl-badge ${kind}`}, mark === 'live' ? live() : mark && icon(mark), ...words);
const STATUS = {
  queued: ['', 'clock', 'Queued'],
  starting: ['run', 'live', 'Starting'],
  running: ['run', 'live', 'Running'],
  stopping: ['', 'stop', 'Stopping'],
  stopped: ['', 'stop', 'Stopped'],
  succeeded: ['good', 'check', 'Succeeded'],
  failed: ['bad', 'x', 'Failed'],
};
function status(run, more = '') {
  const [kind, mark, word] = STATUS[run.status];
  return badge(kind, mark, word + more);
}
const statusIcon = run => (STATUS[run.status][1] === 'live' ? icon('play') : icon(STATUS[run.status][1]));

// card({title, sub, tools}, ...body): a section whose heading names it.
function card({title, sub, tools, ...attributes}, ...body) {
  const id = uid('card');
  return el(
    'section',
    {class: 'rl-card', 'aria-labelledby': id, ...attributes},
    el('div', {class: 'rl-ch'}, el('h2', {id}, title, sub && el('span', {class: 'rl-sub'}, sub)), tools),
    ...body,
  );
}
// note('warn', 'What happened', 'What it means', buttons): amber, red ("bad"), green ("good") or plain ("").
const note = (kind, title, text, ...acts) =>
  el(
    'div',
    {class: `rl-note ${kind}`, role: kind === 'bad' ? 'alert' : 'status'},
    icon({warn: 'warn', bad: 'x', good: 'check'}[kind] ?? 'info'),
    el(
      'div',
      {},
      el('div', {class: 'rl-nt'}, title),
      text && el('p', {class: 'rl-small'}, text),
      acts.length > 0 && el('div', {class: 'rl-acts'}, acts),
    ),
  );

function bar(percent, label) {
  const inside = el('i');
  const node = el(
    'div',
    {class: 'rl-bar', role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100},
    inside,
  );
  node.set = value => {
    inside.style.width = `${value ?? 0}%`;
    node.setAttribute('aria-valuenow', Math.round(value ?? 0));
  };
  node.set(percent);
  return node;
}
const skeleton = (...widths) =>
  el(
    'div',
    {class: 'rl-sks', 'aria-busy': 'true'},
    widths.map(width => el('span', {class: 'rl-sk', style: `width:${width}%`})),
  );
const empty = (title, text, ...more) =>
  el('div', {class: 'rl-void'}, el('b', {}, title), text && el('span', {}, text), ...more);

const button = (words, onclick, kind = '', mark = null) =>
  el('button', {type: 'button', class: `rl-btn ${kind}`, onclick}, mark && icon(mark), words);

// A round "?" whose text opens on click, hover and focus, and closes with Escape.
function tip(text) {
  const id = uid('tip'),
    node = el(
      'button',
      {type: 'button', class: 'rl-q', 'aria-label': 'What is this?', 'aria-expanded': 'false'},
      '?',
    );
  const holder = el('span', {style: 'position:relative'}, node);
  const box = el('span', {class: 'rl-tip', id, role: 'tooltip'}, text);
  const show = on => {
    if (on === box.isConnected) return;
    node.setAttribute('aria-expanded', on);
    if (!on) {
      node.removeAttribute('aria-describedby');
      return box.remove();
    }
    node.setAttribute('aria-describedby', id);
    document.body.append(box);
    const at = node.getBoundingClientRect(),
      width = Math.min(320, innerWidth - 32);
    Object.assign(box.style, {
      width: `${width}px`,
      left: `${Math.max(16, Math.min(at.left, innerWidth - width - 16)) + scrollX}px`,
      top: `${at.bottom + 6 + scrollY}px`,
    });
  };
  for (const [event, on] of [
    ['mouseenter', true],
    ['focus', true],
    ['mouseleave', false],
    ['blur', false],
  ])
    node.addEventListener(event, () => show(on));
  node.addEventListener('click', () => show(true));
  node.addEventListener('keydown', event => event.key === 'Escape' && show(false));
  return holder;
}

// One choice of a few, as native radios. seg({name, label, value, options: [[value, words]]}, chosen => …)
function seg({label, value, options}, choose) {
  const name = uid('seg');
  return el(
    'span',
    {class: 'rl-seg', role: 'radiogroup', 'aria-label': label},
    options.map(([key, words]) => {
      const input = el('input', {type: 'radio', name, value: key, onchange: () => choose(key)});
      input.checked = key === value;
      return el('label', {}, input, words);
    }),
  );
}

// A question asked in place, before something is stopped or deleted; says what is kept. The focus goes to
// the safe
// answer, so that whoever presses Enter twice changes nothing.
function ask(holder, {title, text, yes, no = 'Cancel', act}) {
  const before = document.activeElement,
    id = uid('ask');
  const close = () => {
    holder.replaceChildren();
    before?.focus?.();
  };
  const sure = button(
    yes,
    async () => {
      sure.disabled = true;
      try {
        await act();
        close();
      } catch (problem) {
        sure.disabled = false;
        why.textContent = problem.message;
      }
    },
    'danger',
  );
  const keep = button(no, close);
  const why = el('p', {class: 'rl-small', role: 'alert', style: 'color:var(--bad)'});
  holder.replaceChildren(
    el(
      'div',
      {
        class: 'rl-ask',
        role: 'alertdialog',
        'aria-labelledby': id,
        onkeydown: event => event.key === 'Escape' && close(),
      },
      el('h2', {id}, title),
      el('p', {class: 'rl-small rl-muted'}, text),
      el('div', {class: 'rl-row rl-wrap'}, sure, keep),
      why,
    ),
  );
  keep.focus();
}

// What is asked before a waiting run leaves the queue.
const unqueue = (run, act) => ({
  title: `Take ${run.title} · ${run.stage} out of the queue?`,
  text: 'Stages that wait for it end as well. Nothing that was trained is lost, and all can be resumed.',
  yes: 'Remove from queue',
  no: 'Keep waiting',
  act,
});

export {
  unqueue,
  glyph,
  icon,
  live,
  badge,
  status,
  statusIcon,
  card,
  note,
  bar,
  skeleton,
  empty,
  button,
  tip,
  seg,
  ask,
};
