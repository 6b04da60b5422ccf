// The names of a chart's lines below it; a press hides a line or shows it again.
import {glyph} from '../glyph.js';
import {html} from '../html.js';
import {DASHES} from './traces.js';

/** @typedef {import('./curve.js').Line} Line */

export const DASH_WORDS = ['', ' (dashed)', ' (dotted)'];

/**
 * @param {Line[]} lines
 * @param {Set<string>} hidden ids
 * @param {(id: string) => void} toggle
 */
export const legend = (lines, hidden, toggle) =>
  lines.map(
    ({id, name, palette, nth}) =>
      html`<button type="button" aria-pressed=${!hidden.has(id)} @click=${() => toggle(id)}>
        ${glyph(palette)}${name}${DASH_WORDS[nth % DASHES.length]}
      </button>`,
  );
