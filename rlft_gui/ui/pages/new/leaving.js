// When a field is left, which is when it is judged: a moment later, unless it is left for a button. A button
// judges by itself, and a sentence that comes or goes would move it from under the pointer.

const PAUSE = 300; // ms

/** One field at most has just been left. @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let isPressing = false;
let isWatching = false;

/** @param {Event} event */
const isOnButton = ({target}) => target instanceof Element && target.closest('button, a') !== null;

/** @param {boolean} isDown */
const pressing = isDown => (/** @type {Event} */ event) => {
  isPressing = isDown && isOnButton(event);
};

function watchPointer() {
  if (isWatching) return;
  isWatching = true;
  document.addEventListener('pointerdown', pressing(true), true);
  document.addEventListener('pointerup', pressing(false), true);
  document.addEventListener('pointercancel', pressing(false), true);
  document.addEventListener('click', event => isOnButton(event) && clearTimeout(timer), true);
}

/**
 * @param {Document | HTMLElement} holder
 * @param {string} fields a selector: those that count
 * @param {() => void} judge
 */
export function judgeOnLeaving(holder, fields, judge) {
  watchPointer();
  holder.addEventListener('focusout', ({target}) => {
    if (!(target instanceof Element) || !target.matches(fields)) return;
    clearTimeout(timer);
    if (!isPressing) timer = setTimeout(judge, PAUSE);
  });
}
