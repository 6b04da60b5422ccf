// One pane: who answers, the answer with its marks, its scores, what it took, and what can be done with it.
import {address} from '../../components/address.js';
import {badge} from '../../components/badge.js';
import {link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, nothing} from '../../components/html.js';
import {badgeOf, called, isOver, measured, originOf, pieces} from './pane_words.js';
import {figure} from '../../components/scorers/figures.js';
import {barOf} from './score_words.js';

/** @typedef {import('../../payloads').Generation} Generation */
/** @typedef {import('./pane_words.js').Answered} Answered */
/** @typedef {import('./score_words.js').ShownScore} ShownScore */
/**
 * What can be done with a pane.
 * @typedef {object} PaneActs
 * @property {boolean} isBusy while answers are on their way
 * @property {boolean} isLast whether its turn can be drawn again
 * @property {string} next what drawing it again adds
 * @property {(answered: Answered) => void} again
 * @property {(answered: Answered, by: 1 | -1) => void} step
 * @property {(answered: Answered) => void} mark
 * @property {boolean} isMarked whether others are marked against it
 */
/**
 * How a pane is shown.
 * @typedef {object} Showing
 * @property {string | null} other
 * @property {string} opening
 * @property {ShownScore[]} scores
 * @property {string} [from] which answer of the turn before it goes on from, where another one is shown
 * @property {PaneActs | null} acts
 */

const LONG = 20; // characters of a score's name, from which it stands above its bar
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

/** From zero, wherever that lies on its scale. @param {number} value @param {ShownScore['scale']} scale */
function bar(value, scale) {
  const {zero, left, width} = barOf(value, scale);
  return html`<span class="rl-dv" aria-hidden="true" style=${`--zero:${zero}%`}
    ><i class=${value < 0 ? 'n' : ''} style=${`left:${left}%;width:${width}%`}></i
  ></span>`;
}

/** @param {ShownScore} shown @param {Generation} answer */
function score(shown, answer) {
  const {name, words, scale} = shown;
  const value = answer.scores[name];
  return html`<div class=${words.length > LONG ? 'rl-scr long' : 'rl-scr'}>
    <span class="rl-muted" title=${name}>${words}</span>
    ${bar(value ?? 0, scale)}
    ${
      value === undefined
        ? html`<span class="rl-faint rl-xs">${isOver(answer) ? 'none' : 'waiting'}</span>`
        : html`<span class="rl-num">${figure(value, shown)}</span>`
    }
  </div>`;
}

/** Their place is kept while nothing can be done. @param {Answered} answered @param {PaneActs} acts */
function foot(answered, {isBusy, isLast, next, isMarked, again, mark}) {
  const {answer} = answered;
  const name = called(answered.pane);
  const words = answer.status === 'failed' ? 'Ask again' : next;
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
  const {scores, acts, from} = showing;
  const facts = [...measured(answer), ...(from ? [from] : [])];
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
    <div class="rl-meta" title=${TOKENS}>${facts.map(fact => html`<span>${fact}</span>`)}</div>
    ${acts ? foot(answered, acts) : nothing}
  </article>`;
}
