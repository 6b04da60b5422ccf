/* eslint-disable */
// @ts-nocheck
// The first step: what is known about the model that was named, and pipelines that are ready to run.
import {el, link} from '../../components/dom.js';
import {card, empty, glyph} from '../../components/marks.js';
import {count, number} from '../../components/words.js';

const millions = n => (n >= 1e9 ? `${(n / 1e9).toFixed(1)} B` : `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} M`);

export default ({root, data: first}) => {
  const row = (name, value) => (value ? [el('dt', {}, name), el('dd', {}, value)] : []);
  const run = it => [
    glyph(it.palette),
    ' ',
    link(it.address, {}, it.title),
    el('span', {class: 'rl-faint'}, `step ${it.step}; the shape of its adapter stays`),
  ];
  function draw(model) {
    if (!model?.title) {
      return root.replaceChildren(
        card(
          {title: 'This model'},
          empty('Nothing to show yet', 'Name a model and its size, context and files are checked here.'),
        ),
      );
    }
    root.replaceChildren(
      card(
        {title: model.title},
        el(
          'div',
          {class: 'rl-cb'},
          el(
            'dl',
            {class: 'rl-dl'},
            row('Parameters', model.parameters && millions(model.parameters)),
            row('Context', model.context && `${number(model.context)} tokens`),
            row('Architecture', model.architecture),
            model.run && row('Continues', el('span', {}, run(model.run))),
          ),
          model.note && el('p', {class: 'rl-small rl-muted rl-model-note'}, model.note),
        ),
      ),
    );
  }
  draw(first);
  return draw;
};
