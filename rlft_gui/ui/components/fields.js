// @ts-nocheck
// Fields made from a settings model. rl.field(field, {id, changed}) → {node, say}: `changed(value)` is
// called as it is
// typed, `say(sentence)` puts what is wrong beside the field, or takes it away.
import {el} from './dom.js';
import {icon} from './marks.js';

const EDITED = '\u0000edited';

// A number as typed: what is none stays text, to be refused with a sentence.
function typedNumber(text) {
  const tidy = text
    .trim()
    .replace('−', '-')
    .replace(/^(-?\d{1,3})(,\d{3})+$/, all => all.replaceAll(',', ''));
  return tidy === '' ? null : Number.isFinite(Number(tidy)) ? Number(tidy) : text.trim();
}
const input = (attributes, value) => {
  const node = el('input', {class: 'rl-inp', autocomplete: 'off', ...attributes});
  node.value = value ?? '';
  return node;
};
function select(options, value, onchange) {
  const node = el(
    'select',
    {class: 'rl-inp', onchange: () => onchange(options[node.selectedIndex][0])},
    options.map(([, words]) => el('option', {}, words)),
  );
  node.selectedIndex = Math.max(
    0,
    options.findIndex(([key]) => key === value),
  );
  return node;
}
function lines(value, rows, changed) {
  const node = el('textarea', {
    class: 'rl-inp rl-lines',
    rows,
    spellcheck: 'false',
    autocomplete: 'off',
    oninput: () => changed(node.value),
  });
  node.value = value;
  return node;
}

const number = (field, changed) => {
  const node = input(
    {inputmode: 'decimal', class: 'rl-inp short', oninput: () => changed(typedNumber(node.value))},
    field.value,
  );
  return [node];
};
const text = (field, changed) => {
  const node = input({oninput: () => changed(node.value)}, field.value);
  return [node];
};
const choice = (field, changed) => [select(field.offers, field.value, changed)];
function rewards(field, changed) {
  return [lines(field.value, Math.max(2, String(field.value).split('\n').length + 1), changed)];
}
// Somebody to ask: one that is at hand, or a name of which only the beginning is offered.
function judge(field, changed) {
  const open = field.offers.filter(([, , typed]) => typed);
  const fits = ([value, , typed]) => (typed ? field.value.startsWith(value) : field.value === value);
  const at = Math.max(0, field.offers.findIndex(fits));
  const name = input({'aria-label': `${field.title}: name`, oninput: () => changed(name.value)}, field.value);
  const node = select(
    field.offers.map(([value, words, typed]) => [typed ? [value] : value, words]),
    null,
    value => {
      name.hidden = !Array.isArray(value);
      name.value = [value].flat()[0];
      changed(name.value);
      if (!name.hidden) name.focus();
    },
  );
  node.selectedIndex = at;
  name.hidden = !open.includes(field.offers[at]);
  return [node, name];
}
// A run that was named and is not offered stays to be seen, and refused.
function rewardModel(field, changed) {
  if (field.locked) return [select([['', 'The one that it trains']], '', changed)];
  const known = field.offers.some(([run]) => run === field.value);
  const none = field.offers.length ? 'Choose a run' : 'No finished reward model on this base model yet';
  const own = field.value && !known ? [[field.value, `${field.value}, not offered here`]] : [];
  return [select([['', none], ...field.offers, ...own], field.value, changed)];
}
// A shipped text by its name, or one written out: YAML that begins as the shipped one.
function texts(field, changed) {
  const shipped = Object.fromEntries(field.offers.map(one => [one.name, one]));
  let name = shipped[field.value] ? field.value : (field.offers[0]?.name ?? '');
  const about = el('p', {class: 'rl-help'});
  const area = lines(shipped[field.value]?.text ?? field.value, 16, value => {
    const same = shipped[name] && value.trim() === shipped[name].text.trim();
    mark(!same);
    changed(same ? name : `${value}\n`);
  });
  area.setAttribute('aria-label', `${field.title}, as YAML`);
  const pick = select(
    [...field.offers.map(one => [one.name, one.title]), [EDITED, 'Edited']],
    shipped[field.value] ? field.value : EDITED,
    value => {
      if (value === EDITED) {
        more.open = true;
        area.focus();
        mark(false);
        return;
      }
      name = value;
      area.value = shipped[name].text;
      mark(false);
      changed(name);
    },
  );
  const edited = pick.options[pick.options.length - 1];
  const more = el('details', {class: 'rl-text'}, el('summary', {}, 'Read and edit'), area);
  // "Edited" can only be chosen by editing.
  function mark(on) {
    edited.hidden = edited.disabled = !on;
    pick.selectedIndex = on ? pick.options.length - 1 : field.offers.findIndex(one => one.name === name);
    about.textContent = on
      ? 'Your own text. It goes into the recipe word for word.'
      : (shipped[name]?.about ?? '');
  }
  mark(!shipped[field.value]);
  return [pick, about, more];
}
const CONTROLS = {
  number,
  'whole number': number,
  text,
  choice,
  rewards,
  judge,
  reward_model: rewardModel,
  rubric: texts,
  constitution: texts,
};

function toggle(field, id, changed) {
  const node = el('input', {type: 'checkbox', id: `${id}-control`, onchange: () => changed(node.checked)});
  node.checked = Boolean(field.value);
  return [node, el('label', {class: 'rl-lab rl-check', for: node.id}, node, field.title)];
}

export const field = (field, {id, changed}) => {
  const error = el('div', {class: 'rl-err', role: 'alert', id: `${id}-err`}),
    help = el('div', {class: 'rl-help', id: `${id}-help`}, field.help);
  const isSwitch = field.kind === 'switch';
  const controls = isSwitch ? toggle(field, id, changed) : CONTROLS[field.kind](field, changed);
  const control = controls[0];
  control.id = `${id}-control`;
  control.setAttribute('aria-describedby', `${error.id} ${help.id}`);
  const label = isSwitch ? null : el('label', {class: 'rl-lab', for: control.id}, field.title);
  const shown = isSwitch ? controls.slice(1) : controls;
  const node = el('div', {class: 'rl-set', id}, label, shown, error, help);
  if (field.locked) for (const one of node.querySelectorAll('input, select, textarea')) one.disabled = true;
  return {
    node,
    say: sentence => {
      error.replaceChildren(...(sentence ? [icon('warn'), el('span', {}, sentence)] : []));
      sentence ? control.setAttribute('aria-invalid', 'true') : control.removeAttribute('aria-invalid');
      // What is wrong inside a closed place opens it.
      if (sentence)
        for (let outer = node.closest('details'); outer; outer = outer.parentElement?.closest('details'))
          outer.open = true;
      if (sentence) for (const inner of node.querySelectorAll('details')) inner.open = true;
    },
  };
};
