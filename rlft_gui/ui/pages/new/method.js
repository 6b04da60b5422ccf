/* eslint-disable */
// @ts-nocheck
// The second step: method cards as native radios, the table that helps to choose, and what the choice
// unfolds into.
import {field as rlField} from '../../components/fields.js';
import {remember} from '../../components/address.js';
import {el} from '../../components/dom.js';
import {call} from '../../components/live.js';
import {card as rlCard, glyph, note, seg} from '../../components/marks.js';
import {plan as rlPlan} from '../../components/plan.js';
import {spelled} from '../../components/words.js';

export default ({root, props, trigger, server, data}) => {
  const {methods} = data,
    radios = {};
  let now = data;

  const line = (name, text) => el('span', {class: 'rl-ln'}, el('b', {}, name), el('span', {}, text));
  function card(method) {
    radios[method.name] = el('input', {
      type: 'radio',
      name: 'method',
      value: method.name,
      onchange: () => choose(method.name),
    });
    return el(
      'label',
      {class: 'rl-mc'},
      radios[method.name],
      el(
        'span',
        {class: 'rl-mc-nm'},
        glyph(method.palette),
        method.title,
        method.tag && el('span', {class: 'rl-badge rl-tag'}, method.tag),
      ),
      line('Learns from', method.learns_from),
      line('Needs', method.needs),
      line('Costs', method.costs),
    );
  }
  const cards = el(
    'fieldset',
    {},
    el('legend', {class: 'rl-legend'}, 'Which method?'),
    el('div', {class: 'rl-mcards'}, methods.map(card)),
  );
  const unfolds = el('div', {'aria-live': 'polite'});
  const table = rlCard(
    {title: 'Which one should I use?'},
    el(
      'table',
      {class: 'rl-t'},
      el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'You have'), el('th', {scope: 'col'}, 'Take'))),
      el(
        'tbody',
        {},
        methods.map(method =>
          el(
            'tr',
            {},
            el('td', {}, method.you_have),
            el('td', {class: 'rl-nw'}, el('span', {class: 'rl-meth'}, glyph(method.palette), method.title)),
          ),
        ),
      ),
    ),
  );
  root.append(
    el('div', {class: 'rl-method-cols'}, cards, el('div', {class: 'rl-beside rl-stack'}, unfolds, table)),
  );

  // Python says what a choice unfolds into; the newest answer counts.
  let asked = 0,
    mine = null;
  async function keep(changes) {
    const mineNow = (asked += 1);
    now = {...now, ...changes};
    hold();
    const {method, options, skip, review, continued} = now;
    try {
      const found = await call(server.unfold, {method, options, skip, review, continued});
      if (mineNow !== asked) return;
      now = {...now, ...found};
      hold();
      drawPlan();
    } catch (problem) {
      if (mineNow === asked)
        unfolds.replaceChildren(note('bad', 'The stages of this choice cannot be shown', problem.message));
    }
  }
  function hold() {
    mine = props.value = JSON.stringify(now); // what a Python event reads as this part's value
    remember({method: now.method});
    trigger('change');
  }
  // A run that is continued has had its warm-up.
  const choose = name =>
    keep({
      method: name,
      options: {},
      review: false,
      skip: now.continued ? methods.find(method => method.name === name).warm_ups : [],
    });
  const include = (name, on) => keep({skip: on ? now.skip.filter(one => one !== name) : [...now.skip, name]});

  function box(id, on, changed, words, more) {
    const input = el('input', {type: 'checkbox', id, onchange: () => changed(input.checked)});
    input.checked = on;
    return el(
      'label',
      {class: 'rl-warm rl-small'},
      input,
      el('span', {}, `${words} `, el('span', {class: 'rl-faint'}, more)),
    );
  }
  function option(field) {
    const id = `option-${field.name}`.replaceAll('_', '-'),
      changed = value => keep({options: {...now.options, [field.name]: value}});
    if (field.kind !== 'choice' || field.offers.length > 4) return rlField(field, {id, changed});
    return {
      say: () => {},
      node: el(
        'div',
        {class: 'rl-set', id},
        el('span', {class: 'rl-lab'}, field.title),
        seg({label: field.title, value: field.value, options: field.offers}, changed),
        el('div', {class: 'rl-help'}, field.help),
      ),
    };
  }
  // The options stay the same nodes while one of them is being changed.
  let options = {};
  function drawOptions(plan) {
    if (options.method !== now.method) {
      const fields = Object.fromEntries(plan.options.map(field => [field.name, option(field)]));
      options = {
        method: now.method,
        fields,
        node: el(
          'div',
          {class: 'rl-sets rl-choices'},
          Object.values(fields).map(one => one.node),
        ),
      };
    }
    for (const [name, one] of Object.entries(options.fields)) one.say(plan.problems[name] ?? '');
    return options.node;
  }
  const stages = el('div'),
    boxes = el('div', {class: 'rl-boxes'}),
    places = {};
  function drawPlan() {
    const method = methods.find(candidate => candidate.name === now.method),
      plan = now.plan;
    if (!method || !plan?.stages) return unfolds.replaceChildren();
    const count = plan.stages.length,
      focused = document.activeElement?.id;
    const title = `${method.title}: ${count < 10 ? spelled(count).toLowerCase() : count} ${count === 1 ? 'stage' : 'stages'}`;
    const chosen = drawOptions(plan);
    if (places.options !== chosen) {
      places.options = chosen;
      unfolds.replaceChildren(
        rlCard(
          {title},
          el('div', {class: 'rl-cb rl-stack'}, plan.options.length > 0 && chosen, stages, boxes),
        ),
      );
    }
    unfolds.querySelector('h2').textContent = title;
    stages.replaceChildren(rlPlan(plan.stages));
    // The boxes stay while they ask the same, so that none is replaced under the pointer.
    const asks = JSON.stringify([now.method, plan.optional, plan.makes_data]);
    if (places.asks !== asks) {
      places.asks = asks;
      boxes.replaceChildren(
        ...plan.optional.map(one =>
          box(
            `with-${one.name}`,
            !now.skip.includes(one.name),
            on => include(one.name, on),
            `With ${one.title}.`,
            `Left out, ${one.without}.`,
          ),
        ),
        ...(plan.makes_data
          ? [
              box(
                'review-rows',
                now.review,
                on => keep({review: on}),
                'Pause for review.',
                'After a stage that makes rows, wait until you have looked at them.',
              ),
            ]
          : []),
      );
    }
    for (const one of boxes.querySelectorAll('input'))
      one.checked = one.id === 'review-rows' ? now.review : !now.skip.includes(one.id.replace('with-', ''));
    boxes.hidden = !boxes.children.length;
    if (focused) document.getElementById(focused)?.focus();
  }
  function draw(value) {
    if (!value || props.value === mine) return;
    now = value;
    options = {};
    for (const [name, radio] of Object.entries(radios)) radio.checked = name === now.method;
    drawPlan();
  }
  draw(data);
  return draw;
};
