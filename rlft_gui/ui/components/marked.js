// A text with marks of what changed in it.
import {html} from './html.js';

/** @typedef {import('./diff.js').Marked} Marked */

/** @param {Marked} piece */
const view = ({mark, space, words}) => {
  if (mark === 'ins') return html`${space}<ins>${words}</ins>`;
  return mark === 'del' ? html`${space}<del>${words}</del>` : words;
};

/** @param {Marked[]} pieces */
export const markedText = pieces => pieces.map(view);
