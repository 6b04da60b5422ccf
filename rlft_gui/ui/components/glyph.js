// Colour and shape of a method are fixed for ever and always go together.
import {html} from './html.js';

/** @type {Record<string, string>} */
const SHAPES = {
  base: 'M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8Zm0 2.2a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  sft: 'M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8Z',
  dpo: 'M1.2 1.2h9.6v9.6H1.2Z',
  rlhf: 'M6 .8 11.6 11H.4Z',
  rlaif: 'M6 0l6 6-6 6-6-6Z',
  cai: 'M3 .8h6L12 6 9 11.2H3L0 6Z',
  grpo: 'M.4 1h11.2L6 11.2Z',
  kto: 'M4.2.6h3.6v3.6h3.6v3.6H7.8v3.6H4.2V7.8H.6V4.2h3.6Z',
  bon: 'M6 0l1.8 4 4.2.4L8.8 7.3l1 4.3L6 9.3l-3.8 2.3 1-4.3L0 4.4 4.2 4Z',
};

/** @param {string} palette key of a method's colour and shape */
export const glyph = palette => {
  const known = palette in SHAPES ? palette : 'base';
  return html`<svg viewBox="0 0 12 12" class=${`rl-g rl-m-${known}`} aria-hidden="true">
    <path d=${SHAPES[known]} fill-rule="evenodd"></path>
  </svg>`;
};
