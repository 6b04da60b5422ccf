// <rl-recipe .server=${}>: the frozen recipe of a run, and the text that repeats its pipeline.
import {card, skeleton} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {save} from '../../components/save.js';
import {onFacts, runId} from './facts.js';

/** @typedef {import('../../payloads').RunRecipe} RunRecipe */
/** @typedef {import('../../payloads').Server} Server */

/** @param {RunRecipe['rows']} rows */
const pairs = rows =>
  rows.map(
    ([name, value]) =>
      html`<dt>${name}</dt>
        <dd class=${name === 'Versions' ? 'rl-faint' : ''}>${value}</dd>`,
  );

class RecipeCard extends HTMLElement {
  /** @type {Server | null} */
  server = null;
  /** @type {RunRecipe | null} */
  #recipe = null;
  #problem = '';
  #said = '';
  #isWhole = false;
  #hasText = false;
  #seen = '';

  connectedCallback() {
    this.#draw();
    // What became of the rows is known once the run has begun.
    onFacts(({run}) => {
      const now = `${run.status} ${run.total_steps}`;
      if (now !== this.#seen) void this.#load();
      this.#seen = now;
    });
  }

  async #load() {
    if (!this.server) return;
    try {
      this.#recipe = await call(this.server.run_recipe, {run: runId});
      this.#problem = '';
    } catch (error) {
      this.#problem = sentence(error);
    }
    this.#draw();
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#recipe?.yaml ?? '');
      this.#said = 'Copied.';
    } catch {
      this.#said = 'The browser does not allow copying; select the text below.';
      this.#hasText = true;
    }
    this.#draw();
  }

  #keep() {
    if (this.#recipe) save(this.#recipe.file, this.#recipe.yaml);
  }

  #tools() {
    return html`<div class="rl-row">
      <span class="rl-xs rl-faint" role="status">${this.#said}</span>
      ${button('YAML', () => this.#copy(), {kind: 'sm', mark: 'copy'})}
      ${button('Download', () => this.#keep(), {kind: 'sm'})}
    </div>`;
  }

  /** @param {RunRecipe} recipe */
  #rest({more}) {
    if (this.#isWhole) return pairs(more);
    const show = () => {
      this.#isWhole = true;
      this.#draw();
    };
    return html`<dd class="rl-whole">
      <button type="button" class="rl-link" @click=${show}>${count(more.length, 'more line')}</button>
    </dd>`;
  }

  #body() {
    const recipe = this.#recipe;
    if (this.#problem) return this.#problem;
    if (!recipe) return skeleton(60, 80, 70);
    return html`<dl class="rl-dl">
      ${pairs(recipe.rows)}
      <dt>Again</dt>
      <dd><code>${recipe.command}</code></dd>
      ${this.#rest(recipe)}
    </dl>`;
  }

  #draw() {
    const text = html`<pre class="rl-code" tabindex="0">${this.#recipe?.yaml}</pre>`;
    render(
      card(
        {title: 'Recipe', sub: 'frozen at launch', tools: this.#tools(), id: 'recipe'},
        html`<div class="rl-cb">${this.#body()}</div>
          ${this.#hasText ? text : nothing}`,
      ),
      this,
    );
  }
}
customElements.define('rl-recipe', RecipeCard);
