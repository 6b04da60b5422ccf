// How the answers to the same held-out prompts change over steps.
import {address, asked, remember} from '../../components/address.js';
import {card, empty, skeleton} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {call} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {poll} from '../../components/poll.js';
import {onFacts, runId} from './facts.js';
import {film} from './film.js';

/** @typedef {import('../../payloads').SampleTable} SampleTable */
/**
 * @typedef {object} State
 * @property {SampleTable | null} table
 * @property {boolean} isWhole
 * @property {boolean} isLive
 * @property {boolean} hasCheckpoint that other prompts can be asked
 * @property {() => void} toggle
 */

const FIRST = 3;
const WHILE_LIVE = 3000; // ms
const ONCE_ENDED = 20_000;

/** @param {boolean} isLive */
const noAnswers = isLive =>
  empty(
    'No answers yet',
    isLive
      ? 'The first ones are sampled with the first probe, at step 0.'
      : 'This run ended before its first probe.',
  );

/** @param {State} state */
function body({table, isWhole, isLive}) {
  if (!table) return html`<div class="rl-cb">${skeleton(30, 92, 84)}</div>`;
  const shown = isWhole ? table.prompts : table.prompts.slice(0, FIRST);
  return shown.length ? film(shown, table.steps) : noAnswers(isLive);
}

/** @param {State} state */
function more({table, isWhole, hasCheckpoint, toggle}) {
  const amount = table?.prompts.length ?? 0;
  const all =
    amount > FIRST && button(isWhole ? 'Fewer prompts' : `All ${amount} prompts`, toggle, {kind: 'sm'});
  const film = hasCheckpoint && link(address('/compare', {steps: runId}), 'Time machine', 'rl-btn sm');
  return html`<div class="rl-row">${film || nothing}${all || nothing}</div>`;
}

/** @param {State} state */
const view = state =>
  card(
    {
      title: 'How answers change',
      sub: 'underlined: new since the step before; struck through: gone',
      tools: more(state),
      id: 'samples',
    },
    html`<div>${body(state)}</div>`,
  );

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  if (!runId) return;
  /** @type {State} */
  const state = {
    table: null,
    isWhole: asked().get('samples') === 'all',
    isLive: false,
    hasCheckpoint: false,
    toggle() {
      state.isWhole = !state.isWhole;
      remember({samples: state.isWhole ? 'all' : null});
      draw();
    },
  };
  let version = '';
  let isPolled = false;
  const draw = () => render(view(state), root);

  onFacts(({run, checkpoint}) => {
    if (run.output !== 'policy') return; // nothing else answers prompts
    state.hasCheckpoint = checkpoint !== null;
    state.isLive = run.live || run.status === 'queued';
    draw();
    if (isPolled) return;
    isPolled = true;
    poll(root, WHILE_LIVE, async () => {
      const answer = await call(server.run_samples, {run: runId, seen: version});
      version = answer.version;
      state.table = answer.table ?? state.table;
      draw();
      return state.isLive ? WHILE_LIVE : ONCE_ENDED;
    });
  });
}
