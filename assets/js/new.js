// The wizard as a whole: the draft in the browser, the address line, and a notice above the steps.
(() => {
  const {el} = rl;
  if (rl.wizard) return;

  // A copy of the draft with one answer changed; `path` names it, e.g. ['settings', 'dpo', 'beta'].
  function keep(draft, path, value) {
    const [key, ...rest] = path, copy = {...(draft ?? {})};
    copy[key] = rest.length ? keep(copy[key], rest, value) : value;
    return copy;
  }
  function choose(draft, chosen) {
    const {method, options, skip, review} = JSON.parse(chosen);
    return {...draft, method, options, skip, review};
  }
  function settle(draft, shown) {
    const typed = JSON.parse(shown)?.draft;
    return typed ? {...draft, title: typed.title, seed: typed.seed, settings: typed.settings} : draft;
  }
  rl.wizard = {keep, choose, settle};

  // Each done step shows its value under its name. Gradio draws the header anew now and then, so the names are kept.
  let labels = [];
  function nameSteps() {
    document.querySelectorAll('#steps .step-button').forEach(button => {
      const [name, value] = labels[button.dataset.tabId - 1] ?? [], label = button.querySelector('.step-label');
      const words = value ? `${name}\n${value}` : name;
      if (label && words && label.textContent !== words) label.textContent = words;
    });
  }
  function watchHeader() {
    const header = document.querySelector('#steps .stepper-wrapper');
    if (header) new MutationObserver(nameSteps).observe(header, {childList: true, subtree: true, characterData: true});
    else setTimeout(watchHeader, 50);
  }

  // A field that is left is judged, unless it is left for a button, which judges by itself.
  const PAUSE = 300;
  const TYPED = ':is(#steps input:not([type=radio], [type=checkbox], [type=file], [role=combobox]), #steps textarea, #settings select)';
  function watchFields(judge) {
    let timer = null, pressing = false;
    const onButton = event => event.target.closest?.('button, a');
    document.addEventListener('pointerdown', event => { pressing = Boolean(onButton(event)); }, true);
    for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => { pressing = false; }, true);
    document.addEventListener('click', event => { if (onButton(event)) clearTimeout(timer); }, true);
    document.addEventListener('focusout', event => {
      clearTimeout(timer);
      const one = event.target.closest?.('#settings') ? rl.wizard.judgeSettings : judge;
      if (!pressing && event.target.matches(TYPED)) timer = setTimeout(one, PAUSE);
    });
  }

  rl.part('wizard', ({root, trigger, data: first}) => {
    watchHeader();
    watchFields(() => trigger('click'));
    function draw(data) {
      labels = data?.labels ?? [];
      nameSteps();
      root.replaceChildren(...(data?.notice ? [rl.note('bad', data.notice)] : []));
      if (!data) return;
      // A clone, a preset and "start over" are taken up once, so a refresh keeps what was changed since. Step 1 is
      // what /new shows anyway.
      rl.remember({clone: null, preset: null, fresh: null, method: data.method, step: data.step > 1 ? data.step : null});
      root.dataset.ready = data.step;
    }
    draw(first);
    return draw;
  });

  // Gradio names its upload button otherwise than it reads: whoever speaks the words seen must reach it.
  function nameUploads(box) {
    for (const button of box.querySelectorAll('.rl-file button[aria-label]')) {
      const seen = button.innerText.replace(/\s+/g, ' ').trim();
      const name = `${button.closest('.rl-file').querySelector('label')?.innerText.trim() ?? 'File'}: ${seen}`;
      if (seen && button.getAttribute('aria-label') !== name) button.setAttribute('aria-label', name);
    }
  }
  function watchUploads(box) {
    new MutationObserver(() => nameUploads(box)).observe(box, {childList: true, subtree: true});
    nameUploads(box);
  }

  rl.part('box-title', ({root, data}) => {
    watchUploads(root.closest('.rl-data'));
    const draw = ({title, sub}) => root.replaceChildren(el('div', {class: 'rl-ch'}, el('h2', {}, title, sub && el('span', {class: 'rl-sub'}, sub))));
    draw(data);
    return draw;
  });
})();
