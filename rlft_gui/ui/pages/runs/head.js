// The head of the page of all runs.
import {address} from '../../components/address.js';
import {link} from '../../components/button.js';
import {html, nothing, render} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {pageTitle} from '../../components/page_title.js';
import {selection} from './selection.js';

/** @typedef {import('../../payloads').RunsPage} RunsPage */

/** @param {RunsPage | null} page */
function sentence(page) {
  if (!page) return '';
  if (!page.counts.all) return 'No runs yet.';
  const runs = count(page.counts.all, 'run');
  return `${runs} in ${count(page.pipelines, 'pipeline')}. Tick up to six to draw them together.`;
}

/** @param {string[]} policies nothing else answers */
function acts(policies) {
  const models = policies.length ? ['base', ...policies].join(',') : null;
  return html`${models ? link(address('/compare', {models}), 'Compare ticked', 'rl-btn') : nothing}
  ${link(address('/answers', {models}), models ? 'Batch of ticked' : 'Answers', 'rl-btn')}
  ${link('/new', 'New pipeline', 'rl-btn primary')}`;
}

/** @param {import('../../components/mount.js').Part} part */
export default function start({root}) {
  const draw = () => {
    const policies = selection.ids.filter(id => selection.cards.get(id)?.output === 'policy');
    render(pageTitle({title: 'Runs', text: sentence(selection.page), acts: acts(policies)}), root);
  };
  draw();
  selection.on(draw);
}
