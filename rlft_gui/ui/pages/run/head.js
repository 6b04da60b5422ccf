// The head of a run's page: title, state, what can be done, progress, lineage, alarms.
import {badge, statusBadge} from '../../components/badge.js';
import {address} from '../../components/address.js';
import {note, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {glyph} from '../../components/glyph.js';
import {createRef, html, nothing, ref, render} from '../../components/html.js';
import {nameTab, pageTitle} from '../../components/page_title.js';
import {ask} from '../../components/question.js';
import {runAddress} from '../../components/run_link.js';
import {say} from '../../components/say.js';
import {runName} from '../../components/titles.js';
import {askNow, follow, runId} from './facts.js';
import {headButtons} from './head_buttons.js';
import './lineage.js';
import {notices} from './notices.js';
import {progressLine} from './progress_line.js';
import {deleting, stopping} from './questions.js';
import {stateSentence} from './state_words.js';

/** @typedef {import('../../payloads').RunState} RunState */
/** @typedef {import('./head_buttons.js').Acts} Acts */
/** @typedef {{now: number, left: string}} Clock */

const allRuns = link('/runs', 'All runs', 'rl-btn primary');

/** @param {RunState} state @param {Acts} acts */
function title(state, acts) {
  const {run} = state;
  nameTab(runName(run));
  return html`<div>
    <p class="rl-crumb">${link('/runs', 'Runs')} / ${run.title}</p>
    <div class="rl-head-row">
      <div>
        <div class="rl-row rl-wrap">
          <h1 tabindex="-1">${glyph(run.palette)}${runName(run)}</h1>
          ${statusBadge(run)}${run.attempt > 1 ? badge('', null, `Attempt ${run.attempt}`) : nothing}
        </div>
        <p class="rl-small">${stateSentence(state)}</p>
      </div>
      <div class="rl-acts">${headButtons(state, acts)}</div>
    </div>
  </div>`;
}

/**
 * @param {RunState} state
 * @param {Clock} clock
 * @param {Acts} acts
 * @param {import('../../components/html.js').View} asking
 */
const view = (state, clock, acts, asking) =>
  html`<div class="rl-run-top">
    <div>${title(state, acts)}</div>
    ${asking} ${progressLine(state.run, clock)}
    <rl-lineage .graph=${state.lineage} .base=${state.base}></rl-lineage>
    ${notices(state, acts.mend)}
  </div>`;

/** @param {import('../../components/html.js').View} inside */
const alone = inside => html`<div class="rl-run-top"><div>${inside}</div></div>`;

/** @param {string} heading @param {string} text */
const missing = (heading, text) => alone(pageTitle({title: heading, text, acts: allRuns}));

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  if (!runId) {
    render(missing('No run was named', 'Choose one from the list of runs.'), root);
    return;
  }
  const place = createRef();
  const asking = html`<div ${ref(place)}></div>`;
  const holder = () => /** @type {HTMLElement} */ (place.value);
  let before = '';
  let takeBack = () => {};
  /** @param {import('./questions.js').Question} asked */
  const question = asked => (takeBack = ask(holder(), asked));

  /** @param {'stop' | 'resume' | 'delete'} action */
  const act = async action => {
    await call(server.run_action, {run: runId, action});
    askNow();
  };
  const remove = async () => {
    await act('delete');
    location.href = address('/runs', {deleted: runId});
  };
  const resume = () =>
    act('resume').catch(error => render(note('bad', 'That did not work', sentence(error)), holder()));
  const mend = async () => {
    try {
      const {run} = await call(server.run_mend, {run: runId});
      if (run === runId) askNow();
      else location.href = runAddress(run);
    } catch (error) {
      render(note('bad', 'That did not work', sentence(error)), holder());
    }
  };
  /** @param {RunState} state @returns {Acts} */
  const actsOn = state => ({
    stop: () => question(stopping(state, () => act('stop'))),
    remove: () => question(deleting(state, remove)),
    resume,
    mend,
  });

  /** @param {RunState} state */
  const changed = ({run}) => {
    say(`${runName(run)}: ${run.status}.`);
    if (!run.live || before === 'queued') takeBack(); // whether to stop it is no question any more
  };

  render(alone(skeleton(30, 60)), root);
  follow(root, server, {
    told(state, clock) {
      const hadFocus = root.contains(document.activeElement);
      render(view(state, clock, actsOn(state), asking), root);
      if (before && before !== state.run.status) changed(state);
      before = state.run.status;
      // Whoever pressed a button that is gone is not sent back to the top of the page.
      if (hadFocus && !root.contains(document.activeElement)) root.querySelector('h1')?.focus();
    },
    gone: why => render(missing('This run is not here', why), root),
  });
}
