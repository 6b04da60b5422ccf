// The end of a run's page: its log beside its recipe.
import {html, render} from '../../components/html.js';
import {onFacts, runId} from './facts.js';
import './log.js';
import './recipe.js';

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  if (!runId) return;
  onFacts(() => {
    render(
      html`<div class="rl-two">
        <rl-log .server=${server}></rl-log><rl-recipe .server=${server}></rl-recipe>
      </div>`,
      root,
    );
  });
}
