// <rl-machine .server=${server}>: what this machine has and how busy it is, asked every few seconds.
import {card, skeleton} from '../../components/blocks.js';
import {call} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {count, percent} from '../../components/numbers.js';
import {poll} from '../../components/poll.js';

/** @typedef {import('../../payloads').Machine} Facts */
/** @typedef {import('../../payloads').Server} Server */

const EVERY = 5000; // ms
const GB = 1e9;

/** @param {number} bytes */
const gigabytes = bytes => (bytes / GB).toFixed(bytes < 10 * GB ? 1 : 0);

/** @param {string} name @param {string} value */
const pair = (name, value) =>
  html`<div class="rl-kv"><span>${name}</span><span class="rl-num">${value}</span></div>`;

/** @param {string[]} gpus */
const cards = gpus =>
  gpus.length
    ? gpus.map((gpu, i) => pair(gpus.length > 1 ? `GPU ${i}` : 'GPU', gpu))
    : pair('GPU', 'none found');

/** @param {Facts} machine */
const rows = machine =>
  html`${pair('Processor', `${count(machine.cpu_count, 'core')}, ${percent(machine.cpu_percent)} busy`)}
  ${pair('Memory', `${gigabytes(machine.memory_used)} of ${gigabytes(machine.memory_total)} GB`)}
  ${cards(machine.gpus)}${pair('Disk', `${gigabytes(machine.disk_free)} GB free`)}
  ${
    machine.gpus.length
      ? nothing
      : html`<p class="rl-xs rl-faint rl-kv-note">
          Lantern trains well here. Without a GPU, much larger models are slow.
        </p>`
  }`;

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

  /** @param {Facts | null} machine */
  #draw(machine) {
    const body = html`<div class="rl-cb rl-kvs">${machine ? rows(machine) : skeleton(80, 70, 60)}</div>`;
    render(card({title: 'This machine', id: 'machine'}, body), this);
  }
}
customElements.define('rl-machine', Machine);
