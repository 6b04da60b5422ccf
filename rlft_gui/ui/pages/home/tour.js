/* eslint-disable */
// @ts-nocheck
// The quick tour as a card and, before the first run, as the page; and the card of this machine.
import {address} from '../../components/address.js';
import {el, fresh, link} from '../../components/dom.js';
import {call, poll} from '../../components/live.js';
import {button as rlButton, card as rlCard, glyph, skeleton} from '../../components/marks.js';
import {count, percent} from '../../components/words.js';

const WHAT =
  'Trains SFT, then DPO, on the small built-in model Lantern and lays base, SFT and DPO side by side. No download.';
const HOW_LONG = 'Less than two minutes on two free processor cores.';

// A button that launches once, however often it is pressed, and opens the first run.
function start(server, kind) {
  const launch_id = fresh(),
    said = el('p', {class: 'rl-small', role: 'alert', style: 'color:var(--bad)', hidden: true});
  const button = rlButton(
    'Start the quick tour',
    async () => {
      button.disabled = true;
      button.textContent = 'Starting …';
      try {
        const {run} = await call(server.home_tour, {launch_id});
        location.href = address('/run', {run});
      } catch (error) {
        said.textContent = error.told
          ? error.message
          : 'The app did not answer, so nothing was started. Try again.';
        said.hidden = false;
        button.disabled = false;
        button.textContent = 'Start the quick tour';
      }
    },
    kind,
  );
  button.id = 'tour';
  return {button, said};
}

export const homeTour = (server, offer) => {
  const {button, said} = start(server, 'rl-block');
  return el(
    'section',
    {class: 'rl-card rl-cb rl-tour', 'aria-labelledby': 'tour-title'},
    el('h2', {id: 'tour-title'}, 'Quick tour'),
    el('p', {class: 'rl-small rl-muted'}, WHAT),
    offer,
    button,
    said,
    el('p', {class: 'rl-xs rl-faint'}, HOW_LONG),
  );
};

// What the end of the tour looks like: three panes, drawn without words because nothing was measured yet.
const pane = (method, name, ...widths) =>
  el(
    'div',
    {class: `rl-mini rl-m-${method}`},
    el('span', {class: 'rl-meth'}, glyph(method), name),
    widths.map(width => el('i', {style: `width:${width}%`})),
  );

export const homeHero = server => {
  const {button, said} = start(server, 'primary');
  const steps = [
    ['1. Choose a method', 'Each says in one sentence what it learns from, what it needs and what it costs.'],
    [
      '2. Watch it learn',
      'Training goes on when you close the tab. Each curve says what good looks like and when it misleads.',
    ],
    ['3. Judge the answers', 'Read the answers of all models to the same prompt side by side.'],
  ];
  return el(
    'div',
    {class: 'rl-stack'},
    el(
      'section',
      {class: 'rl-card rl-hero'},
      el(
        'div',
        {},
        el('h2', {}, 'See three models answer the same question, two minutes from now'),
        el(
          'p',
          {},
          'The quick tour trains the built-in model Lantern on example answers (SFT), then on preferences (DPO), draws the curve while it happens, and puts base, SFT and DPO side by side. Nothing is downloaded and nothing leaves this machine.',
        ),
        el('div', {class: 'rl-acts'}, button, link('/new', {class: 'rl-btn'}, 'Set up my own')),
        said,
        el('p', {class: 'rl-xs rl-faint'}, HOW_LONG),
      ),
      el(
        'div',
        {'aria-hidden': 'true'},
        el('p', {class: 'rl-xs rl-faint'}, 'What you will see at the end'),
        el(
          'div',
          {class: 'rl-minis'},
          pane('base', 'Base', 90, 55),
          pane('sft', 'SFT', 80, 95, 40),
          pane('dpo', 'DPO', 70, 88),
        ),
      ),
    ),
    el(
      'div',
      {class: 'rl-three'},
      steps.map(([title, text]) =>
        el(
          'section',
          {class: 'rl-card rl-cb'},
          el('h3', {}, title),
          el('p', {class: 'rl-small rl-muted'}, text),
        ),
      ),
    ),
    el(
      'div',
      {class: 'rl-two'},
      el(
        'section',
        {class: 'rl-card rl-cb'},
        el('h3', {}, 'Running now'),
        el(
          'p',
          {class: 'rl-small rl-muted'},
          'Nothing is running. A run that you start appears here and keeps going without this page.',
        ),
      ),
      el(
        'section',
        {class: 'rl-card rl-cb'},
        el('h3', {}, 'Last results'),
        el(
          'p',
          {class: 'rl-small rl-muted'},
          'No results yet. The first finished run shows its probe score here, with an interval.',
        ),
      ),
    ),
  );
};

export const homeMachine = server => {
  const rows = el('div', {}, skeleton(80, 70, 60)),
    body = el('div', {class: 'rl-cb', style: 'padding-block:8px'}, rows);
  const card = rlCard({title: 'This machine'}, body),
    pair = (name, value) =>
      el('div', {class: 'rl-kv'}, el('span', {}, name), el('span', {class: 'rl-num'}, value));
  poll(card, 5000, async () => {
    const it = await call(server.this_machine),
      GB = 1e9,
      size = value => (value / GB).toFixed(value < 1e10 ? 1 : 0);
    rows.replaceChildren(
      pair('Processor', `${count(it.cpu_count, 'core')}, ${percent(it.cpu_percent)} busy`),
      pair('Memory', `${size(it.memory_used)} of ${size(it.memory_total)} GB`),
      ...(it.gpus.length
        ? it.gpus.map((gpu, i) => pair(it.gpus.length > 1 ? `GPU ${i}` : 'GPU', gpu))
        : [pair('GPU', 'none found')]),
      pair('Disk', `${size(it.disk_free)} GB free`),
      it.gpus.length
        ? ''
        : el(
            'p',
            {class: 'rl-xs rl-faint', style: 'padding:8px 0 4px'},
            'Lantern trains well here. Without a GPU, much larger models are slow.',
          ),
    );
  });
  return card;
};
