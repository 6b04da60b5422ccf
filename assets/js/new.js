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
    const {method, skip} = JSON.parse(chosen);
    return {...draft, method, skip};
  }
  // Step 1 is what /new shows anyway, so it needs no mention.
  function remember() {
    const step = document.querySelector('#steps .step-button[aria-selected=true]')?.dataset.tabId;
    rl.remember({step: step === '1' ? null : step});
  }
  // A clone, a preset and "start over" are taken up once: a refresh keeps what was changed since.
  function opened(draft) {
    rl.remember({clone: null, preset: null, fresh: null, method: draft.method});
    document.querySelector('#steps')?.setAttribute('data-ready', '');
  }
  rl.wizard = {keep, choose, remember, opened};

  rl.part('wizard', ({root, data: first}) => {
    const draw = data => root.replaceChildren(...(data?.notice ? [rl.note('bad', data.notice)] : []));
    draw(first);
    return draw;
  });

  rl.part('box-title', ({root, data}) => {
    const draw = ({title, sub}) => root.replaceChildren(el('div', {class: 'rl-ch'}, el('h2', {}, title, sub && el('span', {class: 'rl-sub'}, sub))));
    draw(data);
    return draw;
  });
})();
