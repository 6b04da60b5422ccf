// One pane: who answers, the answer with its marks, its scores, what it took, and what can be done with it.
import {address} from '../../components/address.js';
import {badge} from '../../components/badge.js';
import {link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, nothing} from '../../components/html.js';
import {signed} from '../../components/numbers.js';
import {inWords} from '../../components/titles.js';
import {badgeOf, called, isOver, measured, originOf, pieces} from './pane_words.js';

/** @typedef {import('../../payloads').Generation} Generation */
/** @typedef {import('./pane_words.js').Answered} Answered */
/**
 * What can be done with a pane.
 * @typedef {object} PaneActs
 * @property {boolean} isBusy while answers are on their way
 * @property {boolean} isLast whether its turn can be drawn again
 * @property {(answered: Answered) => void} again
 * @property {(answered: Answered, by: 1 | -1) => void} step
 * @property {(answered: Answered) => void} mark
 * @property {boolean} isMarked whether others are marked against it
 */
/**
 * How a pane is shown.
 * @typedef {{other: string | null, opening: string, scores: string[], acts: PaneActs | null}} Showing
 */

const SCALE = 2; // a score of ±2 fills its half of the bar
const TOKENS =
  'Tokens: the end token is counted, as in the probe. Seconds: without waiting for other models.';

/** @param {Answered} answered */
function origin(answered) {
  const {run, words} = originOf(answered);
  return html`${run === null ? nothing : link(address('/run', {run}), run)}${words}`;
}

/** With which seed, and a way to the others. @param {Answered} answered @param {PaneActs | null} acts */
function seed(answered, acts) {
  const {answer, draws} = answered;
  const place = draws.indexOf(answer);
  const name = called(answered.pane);
  if (draws.length < 2 || !acts) return html`<span class="rl-seed">seed ${answer.seed}</span>`;
  return html`<span class="rl-seed"
    ><button
      type="button"
      aria-label=${`Answer before, of ${name}`}
      ?disabled=${place === 0}
      @click=${() => acts.step(answered, -1)}
    >
      ‹</button
    ><span>seed ${answer.seed}, ${place + 1} of ${draws.length}</span
    ><button
      type="button"
      aria-label=${`Next answer of ${name}`}
      ?disabled=${place === draws.length - 1}
      @click=${() => acts.step(answered, 1)}
    >
      ›
    </button></span
  >`;
}

/** @param {string} text @param {Showing} showing */
const marked = (text, {other, opening}) =>
  pieces(text, other, opening).map(({space, words, kind}) => {
    if (kind === 'plain') return words;
    const marked = kind === 'new' ? html`<ins>${words}</ins>` : html`<span class="rl-same">${words}</span>`;
    return html`${space}${marked}`;
  });

/** @param {Generation} answer @param {Showing} showing */
const said = ({text, status, error}, showing) => [
  ...marked(text, showing),
  status === 'writing' ? html`<span class="rl-caret" aria-hidden="true"></span>` : nothing,
  status === 'done' && !text ? html`<span class="rl-faint">(an empty answer)</span>` : nothing,
  error ? html`<p class="rl-why">${error}</p>` : nothing,
];

/** @param {number} value */
function bar(value) {
  const size = `width:${Math.min(1, Math.abs(value) / SCALE) * 50}%`;
  return html`<span class="rl-dv" aria-hidden="true"
    >${
      value < 0
        ? html`<i class="n" style=${`right:50%;${size}`}></i>`
        : html`<i style=${`left:50%;${size}`}></i>`
    }</span
  >`;
}

/** @param {string} name @param {Generation} answer */
function score(name, answer) {
  const value = answer.scores[name];
  return html`<div class="rl-scr">
    <span class="rl-muted">${inWords(name)}</span>
    ${value === undefined ? html`<span class="rl-dv"></span>` : bar(value)}
    ${
      value === undefined
        ? html`<span class="rl-faint rl-xs">${isOver(answer) ? 'none' : 'waiting'}</span>`
        : html`<span class="rl-num">${signed(value, 1)}</span>`
    }
  </div>`;
}

/** Their place is kept while nothing can be done. @param {Answered} answered @param {PaneActs} acts */
function foot(answered, {isBusy, isLast, isMarked, again, mark}) {
  const {answer} = answered;
  const name = called(answered.pane);
  const words = answer.status === 'failed' ? 'Ask again' : 'Next seed';
  const canAsk = isLast && !isBusy;
  return html`<div class="rl-pane-acts">
    <button type="button" class="rl-link" ?disabled=${!canAsk} @click=${() => again(answered)}>
      ${words}<span class="rl-vh"> in the pane of ${name}</span></button
    ><button type="button" class="rl-link" aria-pressed=${String(isMarked)} @click=${() => mark(answered)}>
      Mark against this<span class="rl-vh"> pane, ${name}</span>
    </button>
  </div>`;
}

/**
 * @param {Answered} answered
 * @param {Showing} showing
 */
export function paneView(answered, showing) {
  const {pane, answer} = answered;
  const {scores, acts} = showing;
  const name = called(pane);
  const classes = `rl-pane rl-m-${pane.palette}`;
  const label = `Answer of ${name}`;
  const words = said(answer, showing);
  // On one line, for white space counts within an answer.
  const text = html`<div class="rl-ans" tabindex="0" aria-live="off" aria-label=${label}>${words}</div>`;
  return html`<article class=${classes} aria-label=${name}>
    <div class="rl-pt0">
      <span class="rl-who">${glyph(pane.palette)}<span>${name}</span></span>
      <span>${badge(...badgeOf(answer))}</span>
    </div>
    <div class="rl-id"><span>${origin(answered)}</span>${seed(answered, acts)}</div>
    ${text}
    <div class="rl-scores" ?hidden=${!scores.length}>${scores.map(each => score(each, answer))}</div>
    <div class="rl-meta" title=${TOKENS}>${measured(answer).map(fact => html`<span>${fact}</span>`)}</div>
    ${acts ? foot(answered, acts) : nothing}
  </article>`;
}
