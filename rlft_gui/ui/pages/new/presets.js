// @ts-nocheck
// Pipelines that are ready to run, on the first step.
import {el, link} from '../../components/dom.js';
import {card, glyph} from '../../components/marks.js';
import {count} from '../../components/words.js';

const item = preset =>
  el(
    'li',
    {},
    glyph(preset.palette),
    el(
      'div',
      {},
      link(preset.address, {class: 'rl-b'}, preset.title),
      el('p', {class: 'rl-small rl-muted'}, preset.about),
      preset.source &&
        el('p', {class: 'rl-xs rl-faint'}, `From ${preset.source}${preset.tried ? '' : ', not run by us'}.`),
    ),
  );
export default ({root, data}) => {
  const ours = data.filter(preset => preset.tried),
    others = data.filter(preset => !preset.tried);
  root.append(
    card(
      {title: 'Ready to run', sub: 'all steps answered'},
      el('ul', {class: 'rl-presets'}, ours.map(item)),
      others.length > 0 &&
        el(
          'details',
          {class: 'rl-more'},
          el('summary', {}, `${count(others.length, 'published recipe')}, not run by us`),
          el('ul', {class: 'rl-presets'}, others.map(item)),
        ),
    ),
  );
};
