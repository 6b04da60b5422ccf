// The start page: one sentence of state, what runs and waits, the last results; the tour when there is
// nothing yet.
import '../../components/age.js';
import {card, empty, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {call} from '../../components/call.js';
import {createRef, html, nothing, ref, render, repeat} from '../../components/html.js';
import {pageTitle} from '../../components/page_title.js';
import {poll} from '../../components/poll.js';
import {ask, unqueue} from '../../components/question.js';
import './machine.js';
import {lastResults} from './results.js';
import {liveCard, queuedCard} from './run_cards.js';
import {isEmpty, sentence} from './sentence.js';
import {Tour, tourCard} from './tour.js';
import {waitingVotes} from './votes.js';
import {welcome} from './welcome.js';

/** @typedef {import('../../payloads').HomeFacts} HomeFacts */
/** @typedef {import('../../payloads').HomeState} HomeState */
/** @typedef {import('../../payloads').RunCard} RunCard */
/** @typedef {import('../../payloads').Server} Server */
/**
 * @typedef {object} Home
 * @property {HomeFacts} facts the newest answer
 * @property {HomeState} state
 * @property {number} at ms, when the browser had that answer
 * @property {Server} server
 * @property {Tour} tour
 * @property {import('../../components/html.js').View} asking where questions are asked
 * @property {(run: RunCard) => void} remove from the queue
 */

const acts = [link('/compare', 'Compare answers', 'rl-btn'), link('/new', 'New pipeline', 'rl-btn primary')];
const NOTHING = 'A run that you start appears here and keeps going without this page.';

/** @param {Home} home */
function going({facts, state, asking, remove}) {
  const live = state.live.map(each => ({
    id: each.run.id,
    view: liveCard(each, facts.now, facts.left[each.run.id]),
  }));
  const queued = state.queued.map(each => ({id: each.run.id, view: queuedCard(each, remove)}));
  const cards = [...live, ...queued];
  if (!cards.length) return html`${asking}${empty('Nothing is running', NOTHING)}`;
  return html`${asking}${repeat(
    cards,
    ({id}) => id,
    ({view}) => view,
  )}`;
}

/** @param {Home} home */
const columns = home =>
  html`<div class="rl-home-cols">
    <div class="rl-stack">
      ${card(
        {
          title: 'Running now',
          tools: html`<rl-age prefix="updated" .at=${home.at}></rl-age>`,
          id: 'running-now',
        },
        html`<div>${going(home)}</div>`,
      )}
      <div>${lastResults(home.state.results)}</div>
    </div>
    <aside class="rl-stack" aria-label="Tour and machine">
      <div>${tourCard(home.tour, home.state.offer)}</div>
      <div>${waitingVotes(home.state.votes)}</div>
      <rl-machine .server=${home.server}></rl-machine>
    </aside>
  </div>`;

/** @param {Home} home */
function view(home) {
  const none = isEmpty(home.state);
  const title = pageTitle({title: 'Home', text: sentence(home.state), acts: none ? nothing : acts});
  return html`<div class="rl-home">
    <div>${title}</div>
    <div>${none ? welcome(home.tour) : columns(home)}</div>
  </div>`;
}

const loading = html`<div class="rl-home">
  <div></div>
  <div><div class="rl-card rl-cb">${skeleton(38, 92, 84, 60)}</div></div>
</div>`;

/** @param {HomeState} state */
const pause = ({live, queued}) => (live.length ? 1000 : queued.length ? 1500 : 4000);

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  /** @type {HomeFacts | null} */
  let facts = null;
  /** @type {HomeState | null} */
  let state = null;
  let at = 0;
  const place = createRef();
  const asking = html`<div ${ref(place)}></div>`;

  /** @param {RunCard} run */
  const remove = run => {
    const stop = async () => {
      await call(server.run_action, {run: run.id, action: 'stop'});
      wake();
    };
    ask(/** @type {HTMLElement} */ (place.value), unqueue(run, stop));
  };
  const draw = () =>
    render(facts && state ? view({facts, state, at, server, tour, asking, remove}) : loading, root);
  const tour = new Tour(server, draw);

  draw();
  const wake = poll(root, 1000, async () => {
    facts = await call(server.home_facts, {seen: facts?.version ?? ''});
    state = facts.state ?? state;
    at = Date.now();
    draw();
    return state ? pause(state) : 1000;
  });
}
