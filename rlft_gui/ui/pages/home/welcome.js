// The start page before the first run: the tour is the page.
import {link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html} from '../../components/html.js';
import {HOW_LONG, tourButton, tourProblem} from './tour.js';

const TEXT =
  'The quick tour trains the built-in model Lantern on example answers (SFT), then on preferences (DPO), ' +
  'draws the curve while it happens, and puts base, SFT and DPO side by side. Nothing is downloaded and ' +
  'nothing leaves this machine.';
const STEPS = [
  ['1. Choose a method', 'Each says in one sentence what it learns from, what it needs and what it costs.'],
  [
    '2. Watch it learn',
    'Training goes on when you close the tab. Each curve says what good looks like and when it misleads.',
  ],
  ['3. Judge the answers', 'Read the answers of all models to the same prompt side by side.'],
];
const LATER = [
  ['Running now', 'Nothing is running. A run that you start appears here and keeps going without this page.'],
  ['Last results', 'No results yet. The first finished run shows its probe score here, with an interval.'],
];

/** A pane of the tour's end, drawn without words because nothing was measured yet. */
const pane = (/** @type {string} */ palette, /** @type {string} */ name, /** @type {number[]} */ widths) =>
  html`<div class=${`rl-mini rl-m-${palette}`}>
    <span class="rl-meth">${glyph(palette)}${name}</span>
    ${widths.map(width => html`<i style=${`width:${width}%`}></i>`)}
  </div>`;

const panes = () =>
  html`<div aria-hidden="true">
    <p class="rl-xs rl-faint">What you will see at the end</p>
    <div class="rl-minis">
      ${pane('base', 'Base', [90, 55])}${pane('sft', 'SFT', [80, 95, 40])}${pane('dpo', 'DPO', [70, 88])}
    </div>
  </div>`;

/** @param {string[]} words title and text */
const block = ([title, text]) =>
  html`<section class="rl-card rl-cb">
    <h3>${title}</h3>
    <p class="rl-small rl-muted">${text}</p>
  </section>`;

/** @param {import('./tour.js').Tour} tour */
export const welcome = tour =>
  html`<div class="rl-stack">
    <section class="rl-card rl-hero">
      <div>
        <h2>See three models answer the same question, two minutes from now</h2>
        <p>${TEXT}</p>
        <div class="rl-acts">${tourButton(tour, 'primary')}${link('/new', 'Set up my own', 'rl-btn')}</div>
        ${tourProblem(tour)}
        <p class="rl-xs rl-faint">${HOW_LONG}</p>
      </div>
      ${panes()}
    </section>
    <div class="rl-three">${STEPS.map(block)}</div>
    <div class="rl-two">${LATER.map(block)}</div>
  </div>`;
