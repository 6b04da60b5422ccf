// Gradio's header of the steps, touched from outside: each done step shows its value under its name.

/**
 * @typedef {readonly (readonly [string, string])[]} Labels name and value of each step; "" if it is not done
 */

const SOON = 50; // ms

/** @type {Labels} */
let labels = [];

/** Gradio draws the header anew now and then, so the names are kept. @param {Labels} told */
export function nameSteps(told) {
  labels = told;
  write();
}

export function watchSteps() {
  const header = document.querySelector('#steps .stepper-wrapper');
  if (header)
    new MutationObserver(write).observe(header, {childList: true, subtree: true, characterData: true});
  else setTimeout(watchSteps, SOON);
}

function write() {
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = document.querySelectorAll('#steps .step-button');
  for (const button of buttons) {
    const [name, value] = labels[Number(button.dataset.tabId) - 1] ?? ['', ''];
    const label = button.querySelector('.step-label');
    const words = value ? `${name}\n${value}` : name;
    if (label && words && label.textContent !== words) label.textContent = words;
  }
}
