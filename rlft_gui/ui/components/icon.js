// Icons are drawn beside words, never instead of them.
import {html, svg} from './html.js';

const PATHS = {
  check: ['M3 8.5l3.2 3.2L13 4.8'],
  play: ['M5 3.2l7.5 4.8L5 12.8Z'],
  stop: ['M5 4h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Z'],
  clock: ['M8 2.2a5.8 5.8 0 1 1 0 11.6 5.8 5.8 0 0 1 0-11.6ZM8 4.8V8l2.2 1.6'],
  warn: ['M8 2.2 14.4 13.4H1.6ZM8 6.4v3.4M8 11.6v.2'],
  x: ['M4 4l8 8M12 4l-8 8'],
  copy: [
    'M6.9 5.5h5.2a1.4 1.4 0 0 1 1.4 1.4v5.2a1.4 1.4 0 0 1-1.4 1.4H6.9' +
      'a1.4 1.4 0 0 1-1.4-1.4V6.9a1.4 1.4 0 0 1 1.4-1.4Z',
    'M10.5 3.4V3a.9.9 0 0 0-.9-.9H3A.9.9 0 0 0 2.1 3v6.6c0 .5.4.9.9.9h.4',
  ],
  arrow: ['M3 8h10M9 4l4 4-4 4'],
  person: ['M8 2.4a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4ZM2.9 13.6c.4-2.7 2.4-4 5.1-4s4.7 1.3 5.1 4'],
  dash: ['M3.5 8h9'],
  up: ['M8 13V3.5M4 7.2 8 3.2l4 4'],
  down: ['M8 3v9.5M4 8.8l4 4 4-4'],
  info: ['M8 2.2a5.8 5.8 0 1 1 0 11.6 5.8 5.8 0 0 1 0-11.6ZM8 7.4v3.6M8 5v.2'],
};
const HALF = {
  ring: 'M8 2.2a5.8 5.8 0 1 1 0 11.6 5.8 5.8 0 0 1 0-11.6Z',
  filled: 'M8 2.2a5.8 5.8 0 0 1 0 11.6Z',
};
const half = svg`<path d=${HALF.ring}></path><path d=${HALF.filled} fill="currentColor"></path>`;

/** @typedef {keyof typeof PATHS | 'half'} IconName */

/** Without a space inside, which would be read before the words beside it. @param {IconName} name */
export function icon(name) {
  const paths = name === 'half' ? half : PATHS[name].map(d => svg`<path d=${d}></path>`);
  return html`<svg viewBox="0 0 16 16" class="rl-i" aria-hidden="true">${paths}</svg>`;
}

/** The pulsing dot of what is running. */
export const liveDot = () => html`<i class="rl-live"></i>`;
