// One pane: who answers, the answer with its marks, its scores, and what it took.
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

const SCALE = 2; // a score of ±2 fills its half of the bar
const TOKENS = 'Tokens: the end token is counted, as in the probe.';

/** @param {Answered} answered */
function origin(answered) {
  const {run, words} = originOf(answered);
  return html`${run === null ? nothing : link(address('/run', {run}), run)}${words}`;
}

/** @param {string} text @param {string | null} other */
const marked = (text, other) =>
  pieces(text, other).map(({space, words, kind}) => {
    if (kind === 'plain') return words;
    const marked = kind === 'new' ? html`<ins>${words}</ins>` : html`<span class="rl-same">${words}</span>`;
    return html`${space}${marked}`;
  });

/** @param {Generation} answer @param {string | null} other */
const said = ({text, status, error}, other) => [
  ...marked(text, other),
  status === 'writing' ? html`<span class="rl-caret" aria-hidden="true"></span>` : nothing,
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

/** @param {string} criterion @param {Generation} answer */
function score(criterion, answer) {
  const value = answer.scores[criterion];
  return html`<div class="rl-scr">
    <span class="rl-muted">${inWords(criterion)}</span>
    ${value === undefined ? html`<span class="rl-dv"></span>` : bar(value)}
    ${
      value === undefined
        ? html`<span class="rl-faint rl-xs">${isOver(answer) ? 'none' : 'waiting'}</span>`
        : html`<span class="rl-num">${signed(value, 1)}</span>`
    }
  </div>`;
}

/**
 * @param {Answered} answered
 * @param {string | null} other what its answer is marked against
 * @param {string[]} criteria
 */
export function paneView(answered, other, criteria) {
  const {pane, answer} = answered;
  const name = called(pane);
  const classes = `rl-pane rl-m-${pane.palette}`;
  const label = `Answer of ${name}`;
  const words = said(answer, other);
  // On one line, for white space counts within an answer.
  const text = html`<div class="rl-ans" tabindex="0" aria-live="off" aria-label=${label}>${words}</div>`;
  return html`<article class=${classes} aria-label=${name}>
    <div class="rl-pt0">
      <span class="rl-who">${glyph(pane.palette)}<span>${name}</span></span>
      <span>${badge(...badgeOf(answer))}</span>
    </div>
    <div class="rl-id">${origin(answered)}</div>
    ${text}
    <div class="rl-scores" ?hidden=${!criteria.length}>
      ${criteria.map(criterion => score(criterion, answer))}
    </div>
    <div class="rl-meta" title=${TOKENS}>${measured(answer).map(fact => html`<span>${fact}</span>`)}</div>
  </article>`;
}
