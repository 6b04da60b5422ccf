// @ts-nocheck
// The head of a page: its title, one sentence of state, and what can be done.
import {el} from './dom.js';

const title = words => {
  document.title = words === 'Home' ? 'rlft_gui' : `${words} · rlft_gui`;
};

export const head = ({words, text, acts, crumb}) => {
  title(typeof words === 'string' ? words : words.textContent);
  return el(
    'div',
    {},
    crumb && el('p', {class: 'rl-crumb'}, crumb),
    el(
      'div',
      {class: 'rl-head-row'},
      el('div', {}, typeof words === 'string' ? el('h1', {}, words) : words, text && el('p', {}, text)),
      el('div', {class: 'rl-acts'}, acts),
    ),
  );
};
