// After a run was deleted, a way back; the address says which. A link opens it too, and shows it only while
// the run is in the bin.
import {asked, remember} from '../../components/address.js';
import {call, sentence} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {say} from '../../components/say.js';
import {runName} from '../../components/titles.js';
import {binChanged} from './bin_news.js';

/** @typedef {import('../../payloads').BinnedRun} BinnedRun */

/** @param {BinnedRun} run @param {string} problem @param {() => void} undo */
const view = (run, problem, undo) =>
  html`<div class="rl-note rl-undo" role="status">
    <span>${runName(run)} was deleted; the bin keeps it for 30 days.</span
    ><button type="button" class="rl-link" @click=${undo}>Undo</button>${
      problem ? html`<span class="rl-small rl-wrong" role="alert">${problem}</span>` : nothing
    }
  </div>`;

/** @param {import('../../components/mount.js').Part} part */
export default async function start({root, server}) {
  const id = asked().get('deleted');
  if (!id) return;
  const bin = await call(server.runs_bin, {}).catch(() => null); // the bin below still has it then
  const run = bin?.runs.find(one => one.id === id);
  if (!run) return;
  const undo = async () => {
    try {
      await call(server.runs_bin_action, {action: 'restore', run: id});
    } catch (error) {
      render(view(run, sentence(error), undo), root);
      return;
    }
    remember({deleted: null});
    render(nothing, root);
    say(`${runName(run)} is back.`);
    binChanged();
  };
  render(view(run, '', undo), root);
}
