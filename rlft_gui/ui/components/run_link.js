// A run in a list: its method's mark and its title, which leads to its page.
import {address} from './address.js';
import {link} from './button.js';
import {glyph} from './glyph.js';
import {html} from './html.js';

/** @typedef {import('../payloads').RunCard} RunCard */

/** @param {string} id */
export const runAddress = id => address('/run', {run: id});

/** @param {RunCard} run @param {string} [words] */
export const runLink = (run, words = run.title) =>
  html`<span class="rl-meth">${glyph(run.palette)}${link(runAddress(run.id), words, 'rl-nm')}</span>`;
