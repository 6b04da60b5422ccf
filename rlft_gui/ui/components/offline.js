// One amber line for the whole page, under the bar, while the app does not answer.
import {html, render} from './html.js';
import {icon} from './icon.js';
import {onMisses} from './poll.js';
import {clock} from './times.js';

/** @typedef {import('./poll.js').Miss} Miss */

/** @type {HTMLElement | null} */
let line = null;

/** @param {Miss[]} misses */
function words(misses) {
  const told = misses.map(one => one.told).find(Boolean);
  if (told) return told;
  const since = clock(new Date(Math.min(...misses.map(one => Number(one.since)))));
  return `Not connected since ${since}. Training goes on; this page shows the state of that moment.`;
}

/** @param {Miss[]} misses */
function show(misses) {
  if (!misses.length) {
    line?.remove();
    line = null;
    return;
  }
  const tryNow = () => misses.forEach(one => one.wake());
  line ??= placed();
  render(
    html`${icon('warn')}<span>${words(misses)}</span><button type="button" @click=${tryNow}>Try now</button>`,
    line,
  );
}

function placed() {
  const node = document.createElement('div');
  node.className = 'rl-off';
  node.setAttribute('role', 'status');
  (document.querySelector('.nav-holder') ?? document.body.firstElementChild)?.after(node);
  return node;
}

onMisses(show);
