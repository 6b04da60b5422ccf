// The first step: what is known about the model that was named, and pipelines that are ready to run.
(() => {
  const {el} = rl;
  const millions = n => n >= 1e9 ? `${(n / 1e9).toFixed(1)} B` : `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} M`;

  rl.part('model-card', ({root, data: first}) => {
    const row = (name, value) => value ? [el('dt', {}, name), el('dd', {}, value)] : [];
    const run = it => [rl.glyph(it.palette), ' ', rl.link(it.address, {}, it.title), el('span', {class: 'rl-faint'}, `step ${it.step}; the shape of its adapter stays`)];
    function draw(model) {
      if (!model?.title) {
        return root.replaceChildren(rl.card({title: 'This model'}, rl.empty('Nothing to show yet', 'Name a model and its size, context and files are checked here.')));
      }
      root.replaceChildren(rl.card({title: model.title}, el('div', {class: 'rl-cb'},
        el('dl', {class: 'rl-dl'}, row('Parameters', model.parameters && millions(model.parameters)), row('Context', model.context && `${rl.number(model.context)} tokens`),
          row('Architecture', model.architecture), model.run && row('Continues', el('span', {}, run(model.run)))),
        model.note && el('p', {class: 'rl-small rl-muted rl-model-note'}, model.note))));
    }
    draw(first);
    return draw;
  });

  const item = preset => el('li', {}, rl.glyph(preset.palette), el('div', {}, rl.link(preset.address, {class: 'rl-b'}, preset.title),
    el('p', {class: 'rl-small rl-muted'}, preset.about), preset.source && el('p', {class: 'rl-xs rl-faint'}, `From ${preset.source}${preset.tried ? '' : ', not run by us'}.`)));
  rl.part('preset-list', ({root, data}) => {
    const ours = data.filter(preset => preset.tried), others = data.filter(preset => !preset.tried);
    root.append(rl.card({title: 'Ready to run', sub: 'all steps answered'}, el('ul', {class: 'rl-presets'}, ours.map(item)),
      others.length > 0 && el('details', {class: 'rl-more'}, el('summary', {}, `${rl.count(others.length, 'published recipe')}, not run by us`), el('ul', {class: 'rl-presets'}, others.map(item)))));
  });
})();
