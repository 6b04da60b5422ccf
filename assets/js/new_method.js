// The second step: method cards as native radios, the table that helps to choose, and the stages of the choice.
(() => {
  const {el} = rl;
  const COUNTS = ['no stages', 'one stage', 'two stages', 'three stages', 'four stages', 'five stages'];

  rl.part('method', ({root, props, trigger, data}) => {
    const {methods} = data, radios = {};
    let now = data;

    const line = (name, text) => el('span', {class: 'rl-ln'}, el('b', {}, name), el('span', {}, text));
    function card(method) {
      radios[method.name] = el('input', {type: 'radio', name: 'method', value: method.name, onchange: () => choose(method.name)});
      return el('label', {class: 'rl-mc'}, radios[method.name],
        el('span', {class: 'rl-mc-nm'}, rl.glyph(method.palette), method.title, method.tag && el('span', {class: 'rl-badge rl-tag'}, method.tag)),
        line('Learns from', method.learns_from), line('Needs', method.needs), line('Costs', method.costs));
    }
    const cards = el('fieldset', {}, el('legend', {class: 'rl-legend'}, 'Which method?'), el('div', {class: 'rl-mcards'}, methods.map(card)));
    const unfolds = el('div', {'aria-live': 'polite'});
    const table = rl.card({title: 'Which one should I use?'}, el('table', {class: 'rl-t'},
      el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'You have'), el('th', {scope: 'col'}, 'Take'))),
      el('tbody', {}, methods.map(method => el('tr', {}, el('td', {}, method.you_have), el('td', {class: 'rl-nw'}, el('span', {class: 'rl-meth'}, rl.glyph(method.palette), method.title)))))));
    root.append(el('div', {class: 'rl-method-cols'}, el('div', {class: 'rl-stack'}, cards, unfolds), el('aside', {}, table)));

    const optional = method => method.stages.filter(stage => stage.optional).map(stage => stage.name);
    function keep(changes) {
      now = {...now, ...changes};
      props.value = JSON.stringify(now);   // what a Python event reads as this part's value
      rl.remember({method: now.method});
      trigger('change');
    }
    // A run that is continued has had its warm-up.
    function choose(name) {
      keep({method: name, skip: now.continued ? optional(methods.find(method => method.name === name)) : []});
      drawStages();
    }
    function include(stage, on) {
      keep({skip: on ? now.skip.filter(name => name !== stage.name) : [...now.skip, stage.name]});
      drawStages();
      document.getElementById(`with-${stage.name}`)?.focus();
    }
    function warmUp(stage) {
      const box = el('input', {type: 'checkbox', id: `with-${stage.name}`, onchange: () => include(stage, box.checked)});
      box.checked = !now.skip.includes(stage.name);
      const instead = now.continued ? 'the run that is continued' : 'the base model as it is';
      return el('label', {class: 'rl-warm rl-small'}, box, el('span', {}, `Begin with ${stage.title}. `, el('span', {class: 'rl-faint'}, `Left out, training starts from ${instead}.`)));
    }
    function drawStages() {
      const method = methods.find(candidate => candidate.name === now.method);
      if (!method) return unfolds.replaceChildren();
      const stages = method.stages.filter(stage => !now.skip.includes(stage.name));
      unfolds.replaceChildren(rl.card({title: `${method.title} runs ${COUNTS[stages.length]}`}, el('div', {class: 'rl-cb rl-stack-s'},
        el('ol', {class: 'rl-lin'}, stages.map((stage, i) => el('li', {}, i > 0 && rl.icon('arrow'), el('span', {class: 'rl-stage'}, `${i + 1}. ${stage.title} `, el('span', {class: 'rl-faint rl-xs'}, stage.about))))),
        method.stages.filter(stage => stage.optional).map(warmUp))));
    }
    function draw(value) {
      if (!value) return;
      now = value;
      for (const [name, radio] of Object.entries(radios)) radio.checked = name === now.method;
      drawStages();
    }
    draw(data);
    return draw;
  });
})();
