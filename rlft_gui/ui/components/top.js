// The bar on top of every page: names for the navigation, the live pill, light and dark.
import {address} from './address.js';
import {call} from './call.js';
import {html, render} from './html.js';
import {icon, liveDot} from './icon.js';
import './offline.js';
import {poll} from './poll.js';
import {say} from './say.js';
import {toggleTheme} from './theme.js';

/** @typedef {import('../payloads').LivePill} LivePill */

// Where a page without a place in the bar belongs.
/** @type {Record<string, string>} */
const PAGE_OF = {'/run': '/runs', '/ratings': '/vote', '/score': '/compare', '/answers': '/compare'};
const WHILE_BUSY = 2000; // ms
const WHILE_IDLE = 5000;

/** @param {string} path */
const bare = path => path.replace(/\/$/, '');

/** Gradio marks the open page by a class only and does not name the navigation. */
function nameNavigation() {
  const bar = document.querySelector('.nav-holder nav');
  if (!bar) return;
  bar.setAttribute('aria-label', 'Pages');
  const here = bare(PAGE_OF[location.pathname] ?? location.pathname);
  for (const page of bar.querySelectorAll('a')) {
    if (bare(new URL(page.href).pathname) === here) page.setAttribute('aria-current', 'page');
  }
}

/** @param {LivePill} pill */
function words({running, queued, percent}) {
  if (!running) return `${queued} waiting`;
  return `${running} running${percent == null ? '' : `, ${percent} %`}`;
}

/** @param {LivePill} pill */
const bar = pill =>
  html`<a
      class="rl-badge run"
      ?hidden=${!pill.running && !pill.queued}
      href=${pill.run_id ? address('/run', {run: pill.run_id}) : '/runs'}
      >${liveDot()}<span>${words(pill)}</span></a
    ><button
      class="rl-icon-btn"
      type="button"
      aria-label="Switch between light and dark"
      @click=${toggleTheme}
    >
      ${icon('half')}</button
    ><a class="rl-icon-btn" href="/account" aria-label="Account and signing out">${icon('person')}</a>`;

/** @param {import('./mount.js').Part} part */
export default function start({root, server}) {
  nameNavigation();
  render(bar({running: 0, queued: 0, percent: null, run_id: null}), root);
  let before = 0;
  poll(root, WHILE_BUSY, async () => {
    const pill = await call(server.live_pill, {});
    render(bar(pill), root);
    const now = pill.running + pill.queued;
    if (before && !now) say('All runs have ended.');
    before = now;
    return now ? WHILE_BUSY : WHILE_IDLE;
  });
}
