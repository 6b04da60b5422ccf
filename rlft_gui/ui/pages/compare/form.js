/* eslint-disable */
// @ts-nocheck
// The form of Compare: models as chips, a prompt typed or from the suite, how to sample, and one button.
import {el, uid} from '../../components/dom.js';
import {glyph, icon} from '../../components/marks.js';

const KINDS = {
  cards_id: 'Cards, familiar rule',
  cards_ood: 'Cards, unfamiliar rule',
  harm_seen: 'Harm, seen',
  harm_unseen: 'Harm, unseen',
  out_of_world: 'Out of its world',
};
const kindName = kind => KINDS[kind] ?? kind.replaceAll('_', ' ').replace(/^./, first => first.toUpperCase());

// compareForm({choices, fields, changed, run, stop}) returns {node, read, fill, problems, busy}.
export const compareForm = ({choices, fields, changed, run, stop}) => {
  const runs = new Map(choices.runs.map(one => [one.id, one]));
  const items = new Map(choices.suite.map(item => [item.id, item]));
  const kinds = [...new Set(choices.suite.map(item => item.kind))];
  let models = [],
    itemId = null;

  const errors = {};
  const error = name => (errors[name] = el('div', {class: 'rl-err', role: 'alert', id: uid('err')}));
  function field(name, label, control) {
    control.id = `compare-${name}`;
    return el('div', {class: 'rl-fld'}, el('label', {for: control.id}, label), control);
  }

  // models
  const chips = el('div', {class: 'rl-row rl-wrap'});
  const runOf = model => runs.get(model.split('@')[0]);
  const baseOf = () => models.map(runOf).find(Boolean)?.base ?? 'lantern';
  const baseTitle = () => choices.bases[baseOf()] ?? 'the base model';
  const label = model =>
    model === 'base'
      ? `Base, ${baseTitle()}`
      : `${runOf(model)?.title ?? model}${model.includes('@') ? `, step ${model.split('@')[1]}` : ''}`;
  function setModels(next) {
    models = [...new Set(next)];
    drawChips();
    changed();
  }
  function adder() {
    const free = choices.runs.filter(
      one => !models.includes(one.id) && (!models.some(runOf) || one.base === baseOf()),
    );
    const select = el(
      'select',
      {
        class: 'rl-chip rl-add',
        id: 'compare-add',
        'aria-label': 'Add a model',
        onchange: () => {
          setModels([...models, select.value]);
          document.getElementById('compare-add')?.focus();
        },
      },
      el('option', {value: ''}, 'Add a model'),
      !models.includes('base') && el('option', {value: 'base'}, `Base, ${baseTitle()}`),
      free.map(one => el('option', {value: one.id}, `${one.title}, step ${one.step}`)),
    );
    return select.options.length > 1 ? select : null;
  }
  function drawChips() {
    chips.replaceChildren(
      ...models.map(model =>
        el(
          'span',
          {class: 'rl-chip'},
          el('span', {class: 'rl-meth'}, glyph(runOf(model)?.palette ?? 'base'), label(model)),
          el(
            'button',
            {
              type: 'button',
              'aria-label': `Remove ${label(model)}`,
              onclick: () => setModels(models.filter(one => one !== model)),
            },
            icon('x'),
          ),
        ),
      ),
      ...[adder()].filter(Boolean),
    );
  }

  // prompt
  const note = el('span');
  const prompt = el('textarea', {
    class: 'rl-inp',
    rows: 1,
    placeholder: '',
    oninput: () => {
      itemId = [...items.values()].find(item => item.prompt === prompt.value)?.id ?? null;
      drawNote();
      changed();
    },
    onkeydown: event => {
      if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        if (!go.disabled) go.click();
      }
    },
  });
  const pick = el(
    'select',
    {
      class: 'rl-inp',
      id: 'compare-suite',
      'aria-label': 'Prompt from the suite',
      onchange: () => choose(pick.value),
    },
    el('option', {value: ''}, 'From the suite'),
    kinds.map(kind =>
      el(
        'optgroup',
        {label: kindName(kind)},
        choices.suite
          .filter(item => item.kind === kind)
          .map(item => el('option', {value: item.id}, item.prompt)),
      ),
    ),
  );
  function choose(id) {
    const item = items.get(id);
    if (!item) return;
    itemId = id;
    prompt.value = item.prompt;
    drawNote();
    changed();
  }
  // The next prompt of a kind, so that a click each shows all kinds.
  function next(kind) {
    const of = choices.suite.filter(item => item.kind === kind);
    choose(of[(of.findIndex(item => item.id === itemId) + 1) % of.length].id);
  }
  function drawNote() {
    const item = items.get(itemId);
    pick.value = '';
    note.textContent = item
      ? `Suite, held out, kind: ${kindName(item.kind).toLowerCase()}. ${item.note}`
      : 'Typed prompts have no gold score. Shift and Enter start a new line.';
  }
  const tries = el(
    'div',
    {class: 'rl-tries'},
    el('span', {class: 'rl-k'}, 'Try'),
    kinds.map(kind =>
      el('button', {type: 'button', class: 'rl-link', onclick: () => next(kind)}, kindName(kind)),
    ),
  );

  // sampling
  const inputs = Object.fromEntries(
    fields.map(one => [
      one.name,
      el('input', {
        class: 'rl-inp',
        inputmode: 'decimal',
        autocomplete: 'off',
        value: one.default,
        title: one.about,
        oninput: changed,
      }),
    ]),
  );
  const values = () =>
    Object.fromEntries(
      fields.map(({name}) => {
        const typed = inputs[name].value.trim(),
          value = Number(typed.replace('−', '-'));
        return [name, typed === '' ? null : Number.isFinite(value) ? value : typed];
      }),
    );

  const go = el('button', {type: 'submit', class: 'rl-btn primary', id: 'compare-run'}, 'Run');
  const halt = el(
    'button',
    {type: 'button', class: 'rl-btn danger', id: 'compare-stop', hidden: true, onclick: stop},
    icon('stop'),
    'Stop',
  );
  const node = el(
    'form',
    {
      class: 'rl-card',
      novalidate: true,
      onsubmit: event => {
        event.preventDefault();
        run();
      },
    },
    el(
      'div',
      {class: 'rl-cb rl-stack'},
      el(
        'div',
        {role: 'group', 'aria-label': 'Models'},
        el('span', {class: 'rl-lab', id: 'compare-models'}, 'Models'),
        chips,
        error('models'),
      ),
      el(
        'div',
        {class: 'rl-ask-row'},
        el(
          'div',
          {class: 'rl-fld rl-fld-prompt'},
          el('label', {for: 'compare-prompt'}, 'Prompt'),
          el('div', {class: 'rl-prompt-row'}, prompt, pick),
          error('prompt'),
          el('div', {class: 'rl-help'}, note),
          tries,
        ),
        fields.map(one => field(one.name, one.title, inputs[one.name])),
        el('div', {class: 'rl-go'}, go, halt),
      ),
      // The fields are narrow, so their sentences stand below the row.
      el(
        'div',
        {class: 'rl-errs'},
        fields.map(one => error(one.name)),
      ),
    ),
  );
  prompt.id = 'compare-prompt';
  drawNote();
  drawChips();

  return {
    node,
    read: () => ({models, prompt: prompt.value, item_id: itemId, sampling: values()}),
    fill: filled => {
      if (filled.names)
        for (const [id, one] of Object.entries(filled.names))
          if (one && !runs.has(id.split('@')[0])) runs.set(one.id, one);
      if (filled.models) {
        models = [...new Set(filled.models)];
        drawChips();
      }
      if (filled.prompt !== undefined) {
        prompt.value = filled.prompt;
        itemId = choices.suite.find(item => item.prompt === filled.prompt)?.id ?? null;
        drawNote();
      }
      for (const [name, value] of Object.entries(filled.sampling ?? {}))
        if (inputs[name]) inputs[name].value = value;
    },
    problems: found => {
      for (const [name, holder] of Object.entries(errors)) {
        const sentence = found[name];
        holder.replaceChildren(...(sentence ? [icon('warn'), el('span', {}, sentence)] : []));
        const control = inputs[name] ?? (name === 'prompt' ? prompt : null);
        if (control)
          for (const [key, value] of [
            ['aria-invalid', 'true'],
            ['aria-describedby', holder.id],
          ])
            sentence ? control.setAttribute(key, value) : control.removeAttribute(key);
      }
      const first = Object.keys(found)
        .map(name => inputs[name] ?? (name === 'prompt' ? prompt : null))
        .find(Boolean);
      first?.focus();
    },
    busy: on => {
      go.hidden = on;
      halt.hidden = !on;
    },
  };
};
