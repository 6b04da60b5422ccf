// What is known of the run whose page this is. The head asks for it; the other parts listen.
import {asked} from '../../components/address.js';
import {call, sentence, NoAnswer} from '../../components/call.js';
import {poll} from '../../components/poll.js';

/** @typedef {import('../../payloads').RunState} RunState */
/** @typedef {import('../../payloads').Server} Server */

const WHILE_LIVE = 1000; // ms
const WHILE_WAITING = 2000;
const ONCE_ENDED = 10_000;
const ENDED = ['succeeded', 'stopped', 'failed'];

export const runId = asked().get('run') ?? '';

/** @type {RunState | null} */
let known = null;
/** @type {Set<(state: RunState) => void>} */
const listeners = new Set();
let wake = () => {};

/**
 * Calls `listener` now, if something is known, and whenever that changes.
 * @param {(state: RunState) => void} listener
 */
export function onFacts(listener) {
  listeners.add(listener);
  if (known) listener(known);
}

/** Whoever changed something asks what is so now. */
export const askNow = () => wake();

/** How long until the next question. @param {RunState} state */
export function pause({run, lineage}) {
  if (run.live) return WHILE_LIVE;
  const waits = run.status === 'queued' || lineage.nodes.some(({status}) => !ENDED.includes(status));
  return waits ? WHILE_WAITING : ONCE_ENDED;
}

/**
 * Asks again and again while the page is open.
 * @param {HTMLElement} root
 * @param {Server} server
 * @param {object} hears
 * @param {(state: RunState, clock: {now: number, left: string}) => void} hears.told every answer
 * @param {(why: string) => void} hears.gone there is no such run (any more)
 */
export function follow(root, server, {told, gone}) {
  let version = '';
  wake = poll(root, WHILE_LIVE, async () => {
    try {
      const {state, now, left, ...answer} = await call(server.run_facts, {run: runId, seen: version});
      version = answer.version;
      const isNew = state !== null;
      known = state ?? known;
      if (!known) return WHILE_LIVE;
      told(known, {now, left});
      if (isNew) for (const listener of listeners) listener(known);
      return pause(known);
    } catch (error) {
      if (known || !(error instanceof NoAnswer && error.told)) throw error;
      gone(sentence(error));
      return false;
    }
  });
}
