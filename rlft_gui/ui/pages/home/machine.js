// <rl-machine .server=${server}>: what this machine has, how busy it is and which run holds what, asked every
// few seconds.
import {card, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {call} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {poll} from '../../components/poll.js';
import {runAddress} from '../../components/run_link.js';
import {factsOf, heldBy} from './machine_words.js';

/** @typedef {import('../../payloads').Devices} Devices */
/** @typedef {import('../../payloads').Server} Server */

const EVERY = 5000; // ms

/** @param {import('../../components/html.js').View} name @param {string} value */
const pair = (name, value) =>
  html`<div class="rl-kv"><span>${name}</span><span class="rl-num">${value}</span></div>`;

/** @param {Devices} devices */
const rows = devices =>
  html`${factsOf(devices).map(([name, value]) => pair(name, value))}${note(devices)}${held(devices)}`;

/** @param {Devices} devices */
function held({held}) {
  if (!held.length) return nothing;
  return html`<div class="rl-held">
    <h3 class="rl-xs rl-faint">Held by runs</h3>
    ${held.map(holder => pair(link(runAddress(holder.run), holder.title, 'rl-nm'), heldBy(holder)))}
  </div>`;
}

/** @param {Devices} devices */
function note({machine, gpus}) {
  if (machine.gpus.length || gpus.length) return nothing;
  return html`<p class="rl-xs rl-faint rl-kv-note">
    Lantern trains well here. Without a GPU, much larger models are slow.
  </p>`;
}

class Machine extends HTMLElement {
  /** @type {Server | null} */
  server = null;
  #isPolled = false;

  connectedCallback() {
    this.#draw(null);
    if (this.#isPolled) return;
    this.#isPolled = true;
    poll(this, EVERY, async () => {
      if (this.server) this.#draw(await call(this.server.this_machine, {}));
    });
  }

  /** @param {Devices | null} devices */
  #draw(devices) {
    const body = html`<div class="rl-cb rl-kvs">${devices ? rows(devices) : skeleton(80, 70, 60)}</div>`;
    render(card({title: 'This machine', id: 'machine'}, body), this);
  }
}
customElements.define('rl-machine', Machine);
