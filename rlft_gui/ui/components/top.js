// @ts-nocheck
// The bar on top of every page: names for the navigation, the live pill, light and dark.
import {address} from './address.js';
import {el, link} from './dom.js';
import {call, poll, say} from './live.js';
import {icon, live} from './marks.js';
import {toggleTheme} from './theme.js';

const PAGE_OF = {'/run': '/runs'};   // a run belongs to Runs in the bar

// Gradio marks the open page by a class only and does not name the navigation.
function nameNavigation() {
  const bar = document.querySelector('.nav-holder nav');
  if (!bar) return;
  bar.setAttribute('aria-label', 'Pages');
  const here = PAGE_OF[location.pathname] ?? location.pathname;
  for (const page of bar.querySelectorAll('a')) {
    if (new URL(page.href).pathname.replace(/\/$/, '') === here.replace(/\/$/, '')) page.setAttribute('aria-current', 'page');
  }
}

export default ({root, server}) => {
  nameNavigation();
  const words = el('span'), pill = link('/runs', {class: 'rl-badge run', hidden: true}, live(), words);
  root.append(pill, el('button', {class: 'rl-icon-btn', type: 'button', 'aria-label': 'Switch between light and dark', onclick: toggleTheme}, icon('half')));
  let before = 0;
  poll(root, 2000, async () => {
    const now = await call(server.live_pill);
    pill.hidden = !now.running && !now.queued;
    pill.href = now.run_id ? address('/run', {run: now.run_id}) : '/runs';
    words.textContent = now.running ? `${now.running} running${now.percent == null ? '' : `, ${now.percent} %`}` : `${now.queued} waiting`;
    if (before && !now.running && !now.queued) say('All runs have ended.');
    before = now.running + now.queued;
    return before ? 2000 : 5000;
  });
};
