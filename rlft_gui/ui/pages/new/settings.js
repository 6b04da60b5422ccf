/* eslint-disable */
// @ts-nocheck
// The fourth step: the fields of every stage. What is typed goes into the draft; a sentence comes from
// Python when a
// field is left, and new proposals when a choice changes them.
import {field as rlField} from '../../components/fields.js';
import {el} from '../../components/dom.js';
import {call} from '../../components/live.js';
import {card, icon} from '../../components/marks.js';
import {wizard} from './wizard.js';

export default ({root, props, trigger, server, data: first}) => {
  let now = null,
    mine = null,
    drawn = {};

  function keep(group, field, value) {
    const draft = now.draft;
    now.draft =
      group.name === 'pipeline'
        ? {...draft, [field.name]: value}
        : {
            ...draft,
            settings: {...draft.settings, [group.name]: {...draft.settings[group.name], [field.name]: value}},
          };
    field.value = value;
    hold();
    showWhatMatters(group);
    if (now.reshaping.includes(field.name)) refill();
  }
  function hold() {
    mine = props.value = JSON.stringify({draft: now.draft}); // what a Python event reads as this part's value
    trigger('change');
  }
  // A choice such as LoRA or full changes what is proposed, here and in stages that go on from it.
  let asked = 0;
  async function refill() {
    const mineNow = (asked += 1),
      focused = document.activeElement?.id;
    try {
      const found = await call(server.fill_settings, now.draft);
      if (mineNow !== asked) return;
      const open = [...root.querySelectorAll('details[open]')].map(one => one.id);
      draw(found);
      for (const id of open) if (id) document.getElementById(id)?.setAttribute('open', '');
      document.getElementById(focused)?.focus();
    } catch {
      /* the proposals stay as they are; continuing asks again */
    }
  }
  async function judge() {
    try {
      tell(await call(server.validate_settings, now.draft));
    } catch {
      /* continuing asks again */
    }
  }
  function tell(problems) {
    for (const [group, fields] of Object.entries(drawn))
      for (const [name, one] of Object.entries(fields)) one.say(problems[group]?.[name] ?? '');
    for (const link of root.querySelectorAll('.rl-index li'))
      link.classList.toggle('bad', Boolean(problems[link.dataset.group]));
  }

  // Whether one of a setting's lines begins with a word; any text will do for the empty word.
  function names(group, other, word) {
    const value = String(group.fields.find(field => field.name === other).value ?? '');
    return word ? value.split('\n').some(line => line.trim().startsWith(word)) : value !== '';
  }
  const used = (group, name) =>
    (group.matters[name] ?? []).every(([other, word]) => names(group, other, word) && used(group, other));
  function showWhatMatters(group) {
    for (const name of Object.keys(group.matters)) drawn[group.name][name].node.hidden = !used(group, name);
  }
  function section(group, place) {
    const fields = (drawn[group.name] = {});
    const make = field =>
      (fields[field.name] = rlField(field, {
        id: `${group.name}-${field.name}`.replaceAll('_', '-'),
        changed: value => keep(group, field, value),
      })).node;
    const basic = group.fields.filter(field => !field.advanced).map(make),
      advanced = group.fields.filter(field => field.advanced).map(make);
    const node = card(
      {title: place ? `${place}. ${group.title}` : group.title, sub: group.sub, id: `group-${group.name}`},
      el(
        'div',
        {class: 'rl-cb rl-sets'},
        basic,
        advanced.length > 0 &&
          el(
            'details',
            {class: 'rl-advanced', id: `${group.name}-advanced`.replaceAll('_', '-')},
            el('summary', {}, 'Advanced'),
            el('div', {class: 'rl-sets'}, advanced),
          ),
      ),
    );
    showWhatMatters(group);
    return node;
  }
  function index(groups) {
    const go = name => {
      const node = document.getElementById(`group-${name}`);
      node.scrollIntoView({behavior: 'smooth', block: 'start'});
      node.querySelector('input, select, textarea')?.focus({preventScroll: true});
    };
    return el(
      'nav',
      {class: 'rl-index', 'aria-label': 'Stages'},
      el(
        'ol',
        {},
        groups.map((group, place) =>
          el(
            'li',
            {'data-group': group.name},
            el(
              'button',
              {type: 'button', class: 'rl-link', onclick: () => go(group.name)},
              place ? `${place}. ${group.title}` : group.title,
            ),
            icon('warn'),
          ),
        ),
      ),
    );
  }
  function draw(data) {
    now = data;
    drawn = {};
    root.replaceChildren(
      el(
        'div',
        {class: 'rl-set-cols'},
        el('div', {class: 'rl-stack'}, data.groups.map(section)),
        index(data.groups),
      ),
    );
    tell(data.problems);
    const wrong = Object.keys(data.problems).length && root.querySelector('[aria-invalid]');
    if (wrong) wrong.focus();
  }
  wizard.judgeSettings = judge;
  if (first) draw(first);
  return data => {
    if (data?.groups && props.value !== mine) draw(data);
  };
};
