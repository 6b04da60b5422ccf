// What about a run needs a look: why it failed, what of it cannot be read, its alarms.
import {note} from '../../components/blocks.js';
import {button} from '../../components/button.js';
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
export const notices = state =>
  html`<div id="alarms" class="rl-stack-s">
    ${state.run.unreadable ? note('bad', 'Part of this run cannot be read', state.run.unreadable) : nothing}
    ${state.run.status === 'failed' ? failure(state) : nothing}
    ${state.alarms.map(({name, step, message}) => note('warn', `${alarmName(name)}, step ${step}`, message))}
  </div>`;
