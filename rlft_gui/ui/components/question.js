// A question asked in place, before something is stopped or deleted; says what is kept.
import {sentence} from './call.js';
import {button} from './button.js';
import {html, nothing, render} from './html.js';
import {uniqueId} from './unique.js';

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} text
 * @property {string} [yes] left out where there is nothing to decide
 * @property {string} [no]
 * @property {() => Promise<unknown>} act done on yes; its error stays below the buttons
 */

/**
 * The focus goes to the safe answer, so that whoever presses Enter twice changes nothing; later back to where
 * it was.
 * @param {HTMLElement} holder
 * @param {Question} question
 * @returns {() => void} takes the question back, when there is nothing left to ask
 */
export function ask(holder, question) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const id = uniqueId('ask');
  let problem = '';
  let isBusy = false;
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    render(null, holder);
    before?.focus();
  };
  const sure = async () => {
    isBusy = true;
    draw();
    try {
      await question.act();
      close();
    } catch (error) {
      problem = sentence(error);
      isBusy = false;
      draw();
    }
  };
  const draw = () => render(dialog(question, {id, problem, isBusy, sure, close}), holder);
  draw();
  /** @type {HTMLElement | null} */ (holder.querySelector('[data-keep]'))?.focus();
  return close;
}

/**
 * @param {Question} question
 * @param {{id: string, problem: string, isBusy: boolean, sure: () => void, close: () => void}} state
 */
function dialog({title, text, yes, no = 'Cancel'}, {id, problem, isBusy, sure, close}) {
  /** @param {KeyboardEvent} event */
  const onKey = event => event.key === 'Escape' && close();
  return html`<div class="rl-ask" role="alertdialog" aria-labelledby=${id} @keydown=${onKey}>
    <h2 id=${id}>${title}</h2>
    <p class="rl-small rl-muted">${text}</p>
    <div class="rl-row rl-wrap">
      ${yes ? button(yes, sure, {kind: 'danger', disabled: isBusy}) : nothing}
      <button type="button" class="rl-btn" data-keep @click=${close}>${no}</button>
    </div>
    <p class="rl-small rl-wrong" role="alert">${problem}</p>
  </div>`;
}

/**
 * What is asked before a waiting run leaves the queue.
 * @param {{title: string, stage: string}} run
 * @param {() => Promise<unknown>} act
 * @returns {Question}
 */
export const unqueue = (run, act) => ({
  title: `Take ${run.title} · ${run.stage} out of the queue?`,
  text: 'Stages that wait for it end as well. Nothing that was trained is lost, and all can be resumed.',
  yes: 'Remove from queue',
  no: 'Keep waiting',
  act,
});
