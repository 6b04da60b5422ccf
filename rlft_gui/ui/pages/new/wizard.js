/* eslint-disable */
// @ts-nocheck
// The wizard as a whole: the draft in the browser, the address line, and a notice above the steps.
import {remember} from '../../components/address.js';
import {el} from '../../components/dom.js';
import {note} from '../../components/marks.js';

// Whoever draws the settings says here how they are judged.
export const wizard = {judgeSettings: () => {}};

// Each done step shows its value under its name. Gradio draws the header anew now and then, so the names
// are kept.
let labels = [];
function nameSteps() {
  document.querySelectorAll('#steps .step-button').forEach(button => {
    const [name, value] = labels[button.dataset.tabId - 1] ?? [],
      label = button.querySelector('.step-label');
    const words = value ? `${name}\n${value}` : name;
    if (label && words && label.textContent !== words) label.textContent = words;
  });
}
function watchHeader() {
  const header = document.querySelector('#steps .stepper-wrapper');
  if (header)
    new MutationObserver(nameSteps).observe(header, {childList: true, subtree: true, characterData: true});
  else setTimeout(watchHeader, 50);
}

// A field that is left is judged, unless it is left for a button, which judges by itself.
const PAUSE = 300;
const TYPED =
  ':is(#steps input:not([type=radio], [type=checkbox], [type=file], [role=combobox]), #steps textarea, #settings select)';
function watchFields(judge) {
  let timer = null,
    pressing = false;
  const onButton = event => event.target.closest?.('button, a');
  document.addEventListener(
    'pointerdown',
    event => {
      pressing = Boolean(onButton(event));
    },
    true,
  );
  for (const end of ['pointerup', 'pointercancel'])
    document.addEventListener(
      end,
      () => {
        pressing = false;
      },
      true,
    );
  document.addEventListener(
    'click',
    event => {
      if (onButton(event)) clearTimeout(timer);
    },
    true,
  );
  document.addEventListener('focusout', event => {
    clearTimeout(timer);
    const one = event.target.closest?.('#settings') ? wizard.judgeSettings : judge;
    if (!pressing && event.target.matches(TYPED)) timer = setTimeout(one, PAUSE);
  });
}

export default ({root, trigger, data: first}) => {
  watchHeader();
  watchFields(() => trigger('click'));
  function draw(data) {
    labels = data?.labels ?? [];
    nameSteps();
    root.replaceChildren(...(data?.notice ? [note('bad', data.notice)] : []));
    if (!data) return;
    // A clone, a preset and "start over" are taken up once, so a refresh keeps what was changed since. Step
    // 1 is
    // what /new shows anyway.
    remember({
      clone: null,
      preset: null,
      fresh: null,
      method: data.method,
      step: data.step > 1 ? data.step : null,
    });
    root.dataset.ready = data.step;
  }
  draw(first);
  return draw;
};
