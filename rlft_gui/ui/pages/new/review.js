/* eslint-disable */
// @ts-nocheck
// The last step: the summary, what differs from what was proposed, and what still stands in the way.
import {el, link, save} from '../../components/dom.js';
import {button, card, glyph, icon, skeleton} from '../../components/marks.js';
import {plan} from '../../components/plan.js';
import {count, number} from '../../components/words.js';
import {audit} from './audit.js';

const edit = step => link(`/new?step=${step}`, {}, 'Edit');
const STEPS = ['', 'Model', 'Method', 'Data', 'Settings'];

function obstacles(problems) {
  if (!problems.length) return null;
  const title =
    problems.length === 1
      ? 'One thing is missing before this can run'
      : `${problems.length} things are missing before this can run`;
  return el(
    'div',
    {class: 'rl-note bad', role: 'alert'},
    icon('warn'),
    el(
      'div',
      {},
      el('div', {class: 'rl-nt'}, title),
      el(
        'ul',
        {class: 'rl-small rl-obstacles'},
        problems.map(({message, step}) =>
          el('li', {}, `${message} `, link(`/new?step=${step}`, {}, `Back to ${STEPS[step]}`)),
        ),
      ),
    ),
  );
}
const dataset = (data, i) =>
  el(
    'div',
    {},
    `${data.stage}: ${data.name} `,
    i === 0 && edit(3),
    el(
      'span',
      {class: 'rl-faint'},
      data.rows == null
        ? ''
        : `${count(data.rows, 'row')}${
            data.dropped
              ? `, ${number(data.dropped)} dropped. ${Object.entries(data.reasons)
                  .map(([reason, rows]) => `${number(rows)}: ${reason}`)
                  .join(' ')}`
              : ''
          }`,
    ),
  );
const change = (it, i) =>
  el(
    'div',
    {},
    `${it.stage}: ${it.title} ${it.value} `,
    i === 0 && edit(4),
    el('span', {class: 'rl-faint'}, `${it.source} has ${it.proposed}`),
  );

export default ({root, server, data: first}) => {
  const row = (name, ...value) => [el('dt', {}, name), el('dd', {}, ...value)];
  const facts = model =>
    [model.architecture, model.context && `context ${number(model.context)} tokens`]
      .filter(Boolean)
      .join(', ');
  function draw(data) {
    if (data?.go) return location.assign(data.go.startsWith('/run?') ? data.go : '/');
    if (!data) return root.replaceChildren(skeleton(38, 92, 84, 60));
    const {model, method} = data;
    root.replaceChildren(
      el(
        'div',
        {class: 'rl-stack'},
        obstacles(data.problems),
        card(
          {title: 'Summary'},
          el(
            'div',
            {class: 'rl-cb'},
            el(
              'dl',
              {class: 'rl-dl'},
              row('Name', el('span', {class: 'rl-b'}, data.title || 'none yet'), ' ', edit(4)),
              row(
                'Base model',
                model.title ?? 'none yet',
                ' ',
                edit(1),
                model.title && el('span', {class: 'rl-faint'}, facts(model)),
              ),
              model.run &&
                row(
                  'Continues',
                  glyph(model.run.palette),
                  ' ',
                  link(model.run.address, {}, model.run.title),
                  el('span', {class: 'rl-faint'}, `step ${model.run.step}; the shape of its adapter stays`),
                ),
              row(
                'Method',
                method ? el('span', {class: 'rl-meth'}, glyph(method.palette), method.title) : 'none yet',
                ' ',
                edit(2),
                data.options.map(([name, value]) => el('span', {class: 'rl-faint'}, `${name}: ${value}`)),
              ),
              data.data.length > 0 && row('Data', data.data.map(dataset)),
              data.judged.length > 0 &&
                row(
                  'Judged by',
                  data.judged.map(([stage, name, value], i) =>
                    el('div', {}, `${stage}: ${name} ${value} `, i === 0 && edit(4)),
                  ),
                ),
              data.review &&
                row('Pause', 'After every stage that makes rows, until you have looked at them. ', edit(2)),
              row(
                'Changed',
                data.changes.length
                  ? data.changes.map(change)
                  : ['Nothing: all values are as proposed. ', edit(4)],
              ),
              data.file &&
                row(
                  'Recipe file',
                  button(`Download ${data.file.name}`, () => save(data.file.name, data.file.text), 'sm'),
                  el('span', {class: 'rl-faint'}, 'The recipe on this page, for a terminal or for later.'),
                ),
            ),
          ),
        ),
        data.stages.length > 0 &&
          card({title: 'Stages', sub: 'in this order'}, el('div', {class: 'rl-cb'}, plan(data.stages))),
        data.audit && audit(data.audit, server.audit),
      ),
    );
  }
  draw(first);
  return draw;
};
