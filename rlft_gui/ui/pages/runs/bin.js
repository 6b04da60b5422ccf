// The bin, below the table while something is in it: what was deleted, until when, and how much disk it
// takes.
import {asked, remember} from '../../components/address.js';
import {button} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {glyph} from '../../components/glyph.js';
import {createRef, html, nothing, ref, render, repeat} from '../../components/html.js';
import {bytes, count} from '../../components/numbers.js';
import {poll} from '../../components/poll.js';
import {ask} from '../../components/question.js';
import {say} from '../../components/say.js';
import {ago} from '../../components/times.js';
import {runName} from '../../components/titles.js';
import {binChanged, onBinChanged} from './bin_news.js';
import {emptying, goesIn, purging, total} from './bin_words.js';

/** @typedef {import('../../payloads').BinnedRun} BinnedRun */
/** @typedef {import('../../payloads').RunsBin} RunsBin */
/** @typedef {{restore: (run: BinnedRun) => void, purge: (run: BinnedRun) => void, empty: () => void}} Acts */

const EVERY = 15_000;

/** @param {BinnedRun} run @param {number} now @param {Acts} acts */
const row = (run, now, {restore, purge}) =>
  html`<tr>
    <td class="full">
      <span class="rl-meth">${glyph(run.palette)}<span class="rl-nm">${run.title}</span></span
      ><span class="rl-sub">${run.stage}</span>
    </td>
    <td class="r rl-num" data-l="Deleted">${ago(now - run.deleted_at)}</td>
    <td class="r rl-num" data-l="Goes for good">${goesIn(run.expires_at - now)}</td>
    <td class="r rl-num" data-l="Disk">${bytes(run.bytes)}</td>
    <td class="full r">
      <span class="rl-row rl-wrap rl-bin-acts"
        >${button('Restore', () => restore(run), {kind: 'sm'})}
        ${button('Delete for good', () => purge(run), {kind: 'sm danger'})}</span
      >
    </td>
  </tr>`;

/** @param {RunsBin} bin @param {Acts} acts */
const table = ({runs, now}, acts) =>
  html`<table class="rl-t rl-resp rl-runs-t rl-bin-t">
    <caption class="rl-vh">
      Deleted runs
    </caption>
    <thead>
      <tr>
        <th scope="col">Run</th>
        <th scope="col" class="r">Deleted</th>
        <th scope="col" class="r">Goes for good</th>
        <th scope="col" class="r">Disk</th>
        <th scope="col"><span class="rl-vh">What can be done</span></th>
      </tr>
    </thead>
    <tbody>
      ${repeat(
        runs,
        ({id}) => id,
        run => row(run, now, acts),
      )}
    </tbody>
  </table>`;

/**
 * @param {RunsBin} bin
 * @param {{isOpen: boolean, open: (isOpen: boolean) => void, problem: string}} state
 * @param {Acts} acts
 * @param {import('../../components/html.js').View} asking
 */
const view = (bin, {isOpen, open, problem}, acts, asking) =>
  html`<details
    class="rl-card rl-bin"
    ?open=${isOpen}
    @toggle=${(/** @type {any} */ event) => open(event.target.open)}
  >
    <summary class="rl-ch">
      <h2>Bin<span class="rl-sub">${count(bin.runs.length, 'run')}, ${bytes(total(bin.runs))}</span></h2>
    </summary>
    <div class="rl-row rl-between rl-wrap rl-bin-head">
      <span class="rl-small rl-muted">Deleted runs can be restored for 30 days, then they go for good.</span>
      ${button('Empty the bin', acts.empty, {kind: 'sm danger'})}
    </div>
    ${asking}
    <p class="rl-small rl-wrong" role="alert">${problem}</p>
    ${table(bin, acts)}
  </details>`;

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  const place = createRef();
  const asking = html`<div ${ref(place)}></div>`;
  /** @type {RunsBin | null} */
  let bin = null;
  const state = {
    isOpen: asked().get('bin') === '1',
    problem: '',
    /** @param {boolean} isOpen */
    open(isOpen) {
      state.isOpen = isOpen;
      remember({bin: isOpen ? 1 : null});
    },
  };
  /** @param {'restore' | 'purge' | 'empty'} action @param {string} words @param {string} [run] */
  const act = async (action, words, run = '') => {
    state.problem = '';
    await call(server.runs_bin_action, {action, run});
    say(words);
    binChanged();
  };
  /** @param {import('../../components/question.js').Question} question */
  const question = question => void ask(/** @type {HTMLElement} */ (place.value), question);
  /** @type {Acts} */
  const acts = {
    restore: run =>
      void act('restore', `${runName(run)} is back.`, run.id).catch(error => {
        state.problem = sentence(error);
        draw();
      }),
    purge: run => question(purging(run, () => act('purge', 'Deleted for good.', run.id))),
    empty: () => bin && question(emptying(bin.runs, () => act('empty', 'The bin is empty.'))),
  };
  const draw = () => render(bin?.runs.length ? view(bin, state, acts, asking) : nothing, root);

  const wake = poll(root, EVERY, async () => {
    bin = await call(server.runs_bin, {});
    draw();
  });
  onBinChanged(wake);
}
