// What about a run needs a look: why it failed, what of it cannot be read, its alarms.
import {address} from '../../components/address.js';
import {note} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {html, nothing} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {count} from '../../components/numbers.js';
import {alarmName} from '../../components/titles.js';

/** @typedef {import('../../payloads').RunState} RunState */

/** @typedef {import('../../payloads').Failure} Failure */

/** @param {RunState['run']} run @param {Failure['mend']} mend @param {() => void} press */
function mending(run, {act, label}, press) {
  if (act !== 'change') return button(label, press, {kind: 'primary'});
  const form =
    run.output === 'answers' ? address('/answers', {like: run.id}) : address('/new', {clone: run.id});
  return link(form, label, 'rl-btn primary');
}

/**
 * Why it failed, what to do, and one button that does it; the end of the log is folded away.
 * @param {RunState['run']} run
 * @param {Failure} failure
 * @param {() => void} press
 */
const failed = (run, failure, press) =>
  html`<section class="rl-note bad rl-failure" aria-label="Why this run failed">
    ${icon('x')}
    <div class="rl-failure-words">
      <b>${failure.brief}</b>
      <p>${failure.sentence}</p>
      <p>${failure.advice}</p>
      <div class="rl-row rl-wrap">${mending(run, failure.mend, press)}</div>
      <details ?hidden=${!failure.log.length}>
        <summary>${`Last ${count(failure.log.length, 'line')} of the log`}</summary>
        <pre class="rl-code rl-log" tabindex="0" role="region" aria-label="End of the log">
${failure.log.join('\n')}</pre>
      </details>
    </div>
  </section>`;

/** @param {RunState} state */
const unjudged = ({run}) =>
  note(
    'warn',
    'Nothing here knows what is right',
    'The held-out prompts have no good answers, and no rule, reward model or judge scores what is said. ' +
      'Length and distance are measured; whether it got better, only reading tells.',
    link(`/new?clone=${encodeURIComponent(run.id)}&judge=1`, 'Run again with a judge', 'rl-btn sm'),
  );

/** @param {RunState} state @param {() => void} press does what its failure suggests */
export const notices = (state, press) =>
  html`<div id="alarms" class="rl-stack-s">
    ${state.run.unreadable ? note('bad', 'Part of this run cannot be read', state.run.unreadable) : nothing}
    ${state.failure ? failed(state.run, state.failure, press) : nothing}
    ${state.unjudged ? unjudged(state) : nothing}
    ${state.alarms.map(({name, step, message}) => note('warn', `${alarmName(name)}, step ${step}`, message))}
  </div>`;
