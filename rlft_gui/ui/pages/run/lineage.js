// <rl-lineage .graph=${} .base=${}>: which run fed which. Sources before takers, a line for each thing that
// is
// taken, its name on the line. Boxes are links in reading order, and each says in words what it takes.
import {address} from '../../components/address.js';
import {statusIcon} from '../../components/badge.js';
import {link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, ifDefined, nothing, render, svg} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {runAddress} from '../../components/run_link.js';
import {layersOf} from './lineage_layers.js';
import {BOX, arrowHead, curved, fitted} from './lineage_places.js';
import {nodeName, nodeState, takes, taken} from './lineage_words.js';

/** @typedef {import('../../payloads').LineageGraph} LineageGraph */
/** @typedef {import('../../payloads').LineageNode} LineageNode */
/** @typedef {import('./lineage_layers.js').Step} Step */
/** @typedef {import('./lineage_places.js').Places} Places */
/** @typedef {import('./lineage_places.js').Box} Box */

const PADDING = 4; // px, of the graph
const BEFORE_LAYOUT = 1200; // px, a width until there is one

/** @param {Places} places @param {import('./lineage_layers.js').Spot} spot */
const boxOf = ({boxes}, spot) => /** @type {Box} */ (boxes.get(spot));

/** @param {Places} places @param {Step} step */
function edge(places, {from, to, way, isLast}) {
  const {path} = curved(boxOf(places, from), boxOf(places, to), to.isLane, places.flow);
  return svg`<path d=${path} class=${`rl-edge ${way.roles[0]}`}></path>${
    isLast ? svg`<path d=${arrowHead(boxOf(places, to), places.flow)} class="rl-edge-head"></path>` : nothing
  }`;
}

/** A line's words stand once, on its first piece. @param {Places} places @param {Step} step */
function edgeWords(places, {from, to, way}) {
  if (from.isLane) return nothing;
  const {at} = curved(boxOf(places, from), boxOf(places, to), to.isLane, places.flow);
  return html`<span class="rl-edge-word" aria-hidden="true" style=${`left:${at.x}px;top:${at.y}px`}
    >${way.roles.map(taken).join(', ')}</span
  >`;
}

/** @param {LineageNode} node @param {LineageGraph} graph */
function runBox(node, graph) {
  const given = takes(graph, node.id);
  return html`<a
    href=${runAddress(node.id)}
    class=${`rl-node ${node.mine ? '' : 'other'}`}
    aria-current=${ifDefined(node.here ? 'page' : undefined)}
    title=${ifDefined(node.mine ? undefined : node.title)}
    ><span class="rl-node-name">${glyph(node.palette)}<span>${nodeName(node)}</span></span
    ><span class="rl-node-more"
      ><span class=${`rl-lin-mark ${node.status}`}>${statusIcon(node)}</span
      ><span>${node.mine ? nodeState(node) : node.title}</span></span
    >${given ? html`<span class="rl-vh">, takes ${given}</span>` : nothing}</a
  >`;
}

/** @param {string} base */
const baseBox = base =>
  html`<span class="rl-node"
    ><span class="rl-node-name">${glyph('base')}<span>${base}</span></span
    ><span class="rl-node-more">base model</span></span
  >`;

/** @param {Box} box @param {import('../../components/html.js').View} inside */
const item = ({x, y, width}, inside) =>
  html`<li style=${`left:${x}px;top:${y}px;width:${width}px;height:${BOX.height}px`}>${inside}</li>`;

/** @param {LineageGraph} graph @param {string} base @param {number} room px */
function view(graph, base, room) {
  const {rows, steps} = layersOf(graph);
  const places = fitted(rows, room);
  const spots = new Map(rows.flat().flatMap(spot => (spot.isLane ? [] : [[spot.id, boxOf(places, spot)]])));
  /** @param {string | null} id */
  const at = id => /** @type {Box} */ (spots.get(id));
  const {width, height} = places;
  return html`<nav aria-label="Lineage" class="rl-graph" tabindex="0">
    <div class="rl-graph-in" style=${`width:${width}px;height:${height}px`}>
      <svg width=${width} height=${height} aria-hidden="true">${steps.map(step => edge(places, step))}</svg>
      ${steps.map(step => edgeWords(places, step))}
      <ol>
        ${item(at(null), baseBox(base))}${graph.nodes.map(node => item(at(node.id), runBox(node, graph)))}
      </ol>
    </div>
    ${graph.left_out ? leftOut(graph.left_out) : nothing}
    ${graph.binned?.length ? inBin(graph.binned) : nothing} ${graph.votes.map(fromVotes)}
  </nav>`;
}

/** @param {number} amount */
const leftOut = amount =>
  html`<p class="rl-xs rl-faint">
    ${count(amount, 'older run')} of other pipelines also ${amount === 1 ? 'takes' : 'take'} something from
    this one.
  </p>`;

/** @param {string[]} stages */
const inBin = stages =>
  html`<p class="rl-xs rl-faint">
    Deleted, ${link(address('/runs', {bin: 1}), 'in the bin')}: ${stages.join(', ')}.
  </p>`;

/** @param {import('../../payloads').LineageVotes} votes */
const fromVotes = votes =>
  html`<p class="rl-small rl-graph-votes">
    ${votes.stage} learns from votes:
    ${link(address('/ratings', {votes: votes.name}), `${votes.name}, ${count(votes.counted, 'vote')}`)}${
      votes.newer ? html`<span class="rl-muted">; ${count(votes.newer, 'newer vote')} since</span>` : nothing
    }
  </p>`;

class Lineage extends HTMLElement {
  /** @type {LineageGraph | null} */
  #graph = null;
  #base = '';
  #width = 0;
  #observer = new ResizeObserver(() => {
    if (Math.abs(this.clientWidth - this.#width) > 1) this.#draw();
  });

  connectedCallback() {
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  /** @param {LineageGraph} graph */
  set graph(graph) {
    const isNew = graph !== this.#graph;
    this.#graph = graph;
    if (isNew) this.#draw();
  }

  /** @param {string} base its title */
  set base(base) {
    const isNew = base !== this.#base;
    this.#base = base;
    if (isNew) this.#draw();
  }

  #draw() {
    if (!this.#graph) return;
    this.#width = this.clientWidth;
    render(view(this.#graph, this.#base, (this.#width || BEFORE_LAYOUT) - PADDING), this);
    this.#showOwn();
  }

  /** Scrolls a graph that is larger than its place to the page's own run. */
  #showOwn() {
    const nav = /** @type {HTMLElement} */ (this.firstElementChild);
    const own = nav.querySelector('[aria-current]')?.parentElement;
    if (!own) return;
    nav.scrollTo(
      own.offsetLeft - (nav.clientWidth - own.offsetWidth) / 2,
      own.offsetTop - (nav.clientHeight - BOX.height) / 2,
    );
  }
}
customElements.define('rl-lineage', Lineage);
