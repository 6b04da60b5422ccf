// <rl-log .server=${}>: the end of a run's log, followed while it is in view.
import {card} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {call} from '../../components/call.js';
import {html, render} from '../../components/html.js';
import {count, number} from '../../components/numbers.js';
import {poll} from '../../components/poll.js';
import {onFacts, runId} from './facts.js';

/** @typedef {import('../../payloads').Server} Server */

const WHILE_LIVE = 2000; // ms
const ONCE_ENDED = 20_000;
const AT_END = 24; // px from the end that still count as there
const LOUD = /\b(alarm|warning|error|Traceback)\b/i;

/** @param {string[]} lines */
const text = lines =>
  lines.length
    ? lines.map(line => (LOUD.test(line) ? html`<span class="w">${line}</span>${'\n'}` : `${line}\n`))
    : 'Nothing was written yet.';

/** How much of the log is shown. @param {number} shown @param {number} total */
export const amount = (shown, total) =>
  total > shown ? `last ${shown} of ${number(total)} lines` : count(total, 'line');

class Log extends HTMLElement {
  /** @type {Server | null} */
  server = null;
  /** @type {string[] | null} */
  #lines = null;
  #total = -1;
  #isLive = true;
  #isFollowed = true;
  #isPolled = false;

  connectedCallback() {
    this.#draw();
    if (this.#isPolled) return;
    this.#isPolled = true;
    onFacts(({run}) => (this.#isLive = run.live || run.status === 'queued'));
    poll(this, WHILE_LIVE, async () => {
      if (this.server) await this.#read(this.server);
      return this.#isLive ? WHILE_LIVE : ONCE_ENDED;
    });
  }

  /** @param {Server} server */
  async #read(server) {
    const {total, lines} = await call(server.run_log, {run: runId, seen: this.#total});
    if (!lines) return;
    const stays = this.#isFollowed;
    this.#lines = lines;
    this.#total = total;
    this.#draw();
    if (stays) this.#toEnd();
  }

  get #box() {
    return /** @type {HTMLElement} */ (this.querySelector('pre'));
  }

  #toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  #scrolled() {
    const {scrollHeight, scrollTop, clientHeight} = this.#box;
    const isFollowed = scrollHeight - scrollTop - clientHeight < AT_END;
    if (isFollowed === this.#isFollowed) return;
    this.#isFollowed = isFollowed;
    this.#draw();
  }

  #tools() {
    const whole = `/logs/${encodeURIComponent(runId)}`;
    return html`<div class="rl-row">
      <span ?hidden=${this.#isFollowed}>${button('Follow', () => this.#toEnd(), {kind: 'sm'})}</span>
      <a href=${whole} class="rl-btn sm" download ?hidden=${!(this.#total > 0)}>Download</a>
    </div>`;
  }

  #draw() {
    const lines = this.#lines;
    const head = {
      title: 'Log',
      id: 'log',
      sub: lines ? amount(lines.length, this.#total) : '',
      tools: this.#tools(),
    };
    const body = html`<pre
      class="rl-code rl-log"
      tabindex="0"
      role="region"
      aria-label="Lines of the log"
      @scroll=${() => this.#scrolled()}
    >
${lines ? text(lines) : ''}</pre>`;
    render(card(head, body), this);
  }
}
customElements.define('rl-log', Log);
