// The blocks that pages are made of: cards, notices, progress, and what stands where nothing is yet.
import {html, ifDefined, nothing} from './html.js';
import {icon} from './icon.js';
import {uniqueId} from './unique.js';

/** @typedef {import('./html.js').View} View */

/**
 * A section whose heading names it. Where a card is drawn again and again, give it an `id`.
 * @param {{title: View, sub?: View, tools?: View, id?: string, hidden?: boolean}} head
 * @param {View} body
 */
export function card({title, sub, tools, id, hidden = false}, body) {
  const heading = id ? `${id}-title` : uniqueId('card');
  return html`<section class="rl-card" aria-labelledby=${heading} id=${ifDefined(id)} ?hidden=${hidden}>
    <div class="rl-ch">
      <h2 id=${heading}>${title}${sub ? html`<span class="rl-sub">${sub}</span>` : nothing}</h2>
      ${tools}
    </div>
    ${body}
  </section>`;
}

/** @type {Record<string, import('./icon.js').IconName>} */
const SIGNS = {warn: 'warn', bad: 'x', good: 'check'};

/**
 * A notice: amber ("warn"), red, green or plain.
 * @param {'warn' | 'bad' | 'good' | ''} kind
 * @param {View} title what happened
 * @param {View} [text] what it means
 * @param {View} [acts] buttons
 */
export const note = (kind, title, text, acts) =>
  html`<div class=${`rl-note ${kind}`} role=${kind === 'bad' ? 'alert' : 'status'}>
    ${icon(SIGNS[kind] ?? 'info')}
    <div>
      <div class="rl-nt">${title}</div>
      ${text ? html`<p class="rl-small">${text}</p>` : nothing}
      ${acts ? html`<div class="rl-acts">${acts}</div>` : nothing}
    </div>
  </div>`;

/** @param {number | null | undefined} percent @param {string} label */
export const progress = (percent, label) =>
  html`<div
    class="rl-bar"
    role="progressbar"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(percent ?? 0)}
  >
    <i style=${`width:${percent ?? 0}%`}></i>
  </div>`;

/** @param {...number} widths of grey lines, in hundredths */
export const skeleton = (...widths) =>
  html`<div class="rl-sks" aria-busy="true">
    ${widths.map(width => html`<span class="rl-sk" style=${`width:${width}%`}></span>`)}
  </div>`;

/** @param {View} title @param {View} [text] @param {View} [more] */
export const empty = (title, text, more) =>
  html`<div class="rl-void"><b>${title}</b>${text ? html`<span>${text}</span>` : nothing}${more}</div>`;
