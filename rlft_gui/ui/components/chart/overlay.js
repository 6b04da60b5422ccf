// What lies above a plot as HTML: names with glyphs at the ends of lines, and alarms that are links. Plotly's
// own annotations hold neither.
import {glyph} from '../glyph.js';
import {html} from '../html.js';
import {icon} from '../icon.js';
import {number} from '../numbers.js';
import {sideOf, spread} from './frame.js';
import {DASH_WORDS} from './legend.js';

/** @typedef {import('./frame.js').Frame} Frame */
/** @typedef {import('./curve.js').Line} Line */
/** @typedef {import('./view.js').ChartAlarm} ChartAlarm */
/** @typedef {{line: Line, y: number, value: import('../numbers.js').Value}} LineEnd */

/** @param {LineEnd} end @param {number} left @param {number} top */
const label = ({line, value}, left, top) =>
  html`<span class="rl-end" style=${`left:${left}px;top:${top}px`} aria-hidden="true"
    >${glyph(line.palette)}<span class="rl-end-name">${line.title ?? line.name}</span>${
      line.tail && html`<span>${line.tail}</span>`
    }${DASH_WORDS[line.nth % DASH_WORDS.length]}<b>${number(value)}</b></span
  >`;

/** @param {LineEnd[]} ends @param {Frame} frame */
function labels(ends, frame) {
  const fromTop = [...ends].sort((a, b) => b.y - a.y);
  const tops = spread(
    fromTop.map(end => frame.y(end.y)),
    frame,
  );
  return fromTop.map((end, i) => label(end, frame.right + 10, tops[i]));
}

/** @param {ChartAlarm} alarm @param {Frame} frame */
function mark({words, step, message}, frame) {
  const left = frame.x(step);
  return html`<a
    class=${`rl-amark ${sideOf(left, frame)}`}
    href="#alarms"
    style=${`left:${left}px;top:0`}
    title=${message}
    >${icon('warn')}<span>${words}, step ${step}</span></a
  >`;
}

/**
 * @param {LineEnd[]} ends
 * @param {ChartAlarm[]} alarms
 * @param {Frame} frame
 */
export function overlay(ends, alarms, frame) {
  const seen = alarms.filter(({step}) => frame.x(step) >= frame.left && frame.x(step) <= frame.right);
  return html`${labels(ends, frame)}${seen.map(alarm => mark(alarm, frame))}`;
}
