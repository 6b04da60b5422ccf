// Splitting held-out prompts off a dataset: how many, by which seed, and what came of it.
import {link} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {html, nothing} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {asked} from './split_asked.js';

/** @typedef {import('../../payloads').SplitDone} SplitDone */

export class Split {
  /** @type {SplitDone | null} */
  done = null;
  problem = '';
  isBusy = false;
  #server;
  #id;
  #redraw;

  /** @param {import('../../payloads').Server} server @param {string} id @param {() => void} redraw */
  constructor(server, id, redraw) {
    this.#server = server;
    this.#id = id;
    this.#redraw = redraw;
  }

  /** @param {Event} event */
  send = async event => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    this.#say({isBusy: true, problem: ''});
    try {
      this.#say({isBusy: false, done: await call(this.#server.split_off, asked(this.#id, form))});
    } catch (error) {
      this.#say({isBusy: false, done: null, problem: sentence(error)});
    }
  };

  /** @param {Partial<Pick<Split, 'done' | 'problem' | 'isBusy'>>} changed */
  #say(changed) {
    Object.assign(this, changed);
    this.#redraw();
  }
}

/** @param {Split} split */
export const splitForm = split =>
  html`<details class="rl-small rl-split">
    <summary>Split off held-out prompts…</summary>
    <p class="rl-muted">
      Some of the prompts, with all their rows, become a dataset that runs are judged by; the other rows
      become one to learn from. No prompt is in both. This dataset stays as it is.
    </p>
    <form class="rl-row rl-wrap" @submit=${split.send}>
      <label>Held out <input class="rl-inp short" name="amount" inputmode="decimal" value="10" /></label>
      <select class="rl-inp" name="unit" aria-label="Held out, in">
        <option value="percent">% of the prompts</option>
        <option value="prompts">prompts</option>
      </select>
      <label>Seed <input class="rl-inp short" name="seed" inputmode="numeric" value="0" /></label>
      <button type="submit" class="rl-btn" ?disabled=${split.isBusy}>Split off</button>
    </form>
    <div aria-live="polite">${outcome(split)}</div>
  </details>`;

/** @param {Split} split */
function outcome({done, problem}) {
  if (problem) return html`<p class="rl-wrong">${problem}</p>`;
  if (!done) return nothing;
  const {rest, held_out: heldOut} = done;
  return html`<p>
    ${link(heldOut.address, heldOut.name)} holds out ${count(heldOut.rows, 'row')}, and
    ${link(rest.address, rest.name)} has the ${count(rest.rows, 'row')} to learn from.
  </p>`;
}
