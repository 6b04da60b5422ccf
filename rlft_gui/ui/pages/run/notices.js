// What about a run needs a look: why it failed, what of it cannot be read, its alarms.
import {note} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {html, nothing} from '../../components/html.js';
import {alarmName} from '../../components/titles.js';

/** @typedef {import('../../payloads').RunState} RunState */

const toLog = () => document.getElementById('log')?.scrollIntoView({behavior: 'smooth'});

/** @param {RunState} state */
function failure({run, checkpoint}) {
  const kept = checkpoint ? ` Checkpoint ${checkpoint.step} is complete and can be resumed.` : '';
  const why = run.reason ?? 'No reason was recorded. The log may tell.';
  return note('bad', 'This run failed', why + kept, button('Read the log', toLog, {kind: 'sm'}));
}

/** @param {RunState} state */
const unjudged = ({run}) =>
  note(
    'warn',
    'Nothing here knows what is right',
    'The held-out prompts have no good answers, and no rule, reward model or judge scores what is said. ' +
      'Length and distance are measured; whether it got better, only reading tells.',
    link(`/new?clone=${encodeURIComponent(run.id)}&judge=1`, 'Run again with a judge', 'rl-btn sm'),
  );

/** @param {RunState} state */
export const notices = state =>
  html`<div id="alarms" class="rl-stack-s">
    ${state.run.unreadable ? note('bad', 'Part of this run cannot be read', state.run.unreadable) : nothing}
    ${state.run.status === 'failed' ? failure(state) : nothing} ${state.unjudged ? unjudged(state) : nothing}
    ${state.alarms.map(({name, step, message}) => note('warn', `${alarmName(name)}, step ${step}`, message))}
  </div>`;
