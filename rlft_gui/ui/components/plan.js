// <rl-plan .stages=…>: the stages that a method unfolds into, in order. Lines on their left lead from each
// stage to those that take something from it, and words beside it say the same.
import {html, nothing, render, svg} from './html.js';
import {lanes, links, path, room} from './plan_lanes.js';

/** @typedef {import('./plan_lanes.js').Dot} Dot */
/** @typedef {import('./plan_lanes.js').Way} Way */
/** @typedef {import('../payloads').PlannedStage} PlannedStage */

const WORDS = {weights: 'goes on from', rows: 'learns from the rows of', reward: 'is scored by'};

class Plan extends HTMLElement {
  /** @type {readonly PlannedStage[]} */
  #stages = [];
  /** @type {Dot[]} measured, for lines lead to where the browser has put the stages */
  #dots = [];
  #observer = new ResizeObserver(() => this.#place());

  set stages(/** @type {readonly PlannedStage[]} */ stages) {
    this.#stages = stages;
    this.#dots = [];
    this.#draw();
    this.#place();
  }

  connectedCallback() {
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  #draw() {
    render(list(this.#stages, this.#dots), this);
  }

  #place() {
    const box = this.getBoundingClientRect();
    if (!box.width) return;
    this.#dots = [...this.querySelectorAll('.rl-dot')].map(node => {
      const dot = node.getBoundingClientRect();
      const [w, h] = [dot.width / 2, dot.height / 2];
      return {x: dot.left - box.left, y: dot.top - box.top + h, w, h};
    });
    this.#draw();
  }
}
customElements.define('rl-plan', Plan);

/** @param {readonly PlannedStage[]} stages */
export const plan = stages => html`<rl-plan .stages=${stages}></rl-plan>`;

/** @param {readonly PlannedStage[]} stages @param {Dot[]} dots */
function list(stages, dots) {
  const ways = lanes(links(stages));
  const isPlaced = dots.length === stages.length;
  return html`<ol class="rl-plan" style=${`--lanes:${room(ways)}px`}>
    <svg class="rl-lines-of" width="100%" height="100%" aria-hidden="true">
      ${isPlaced && ways.map(way => svg`<path d=${path(way, dots)} class=${`rl-way ${way.role}`}></path>`)}
    </svg>
    ${stages.map((stage, place) => row(stage, place, stages))}
  </ol>`;
}

/** @param {PlannedStage} stage @param {number} place @param {readonly PlannedStage[]} stages */
function row(stage, place, stages) {
  const beginsRound = stage.round && stage.round !== stages[place - 1]?.round;
  return html`<li>
    ${beginsRound ? html`<div class="rl-round rl-xs">Round ${stage.round}</div>` : nothing}
    <div class="rl-step-row">
      <span class="rl-dot">${place + 1}</span>
      <div>
        <span class="rl-b">${stage.title}</span> <span class="rl-faint rl-small">${stage.about}</span>
        ${relations(stage, stages)}
      </div>
    </div>
  </li>`;
}

/** @param {PlannedStage} stage @param {readonly PlannedStage[]} stages */
function relations({takes, makes}, stages) {
  const taken = takes.map(([role, from]) => html`${WORDS[role]} <b>${from + 1}. ${stages[from].title}</b>`);
  const said = makes ? [...taken, `makes ${makes}`] : taken;
  // In one piece: a gap between items would stand before their commas.
  return html`<ul class="rl-takes rl-small">
    ${said.map(words => html`<li>${words}</li>`)}
  </ul>`;
}
