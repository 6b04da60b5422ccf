/* eslint-disable */
// @ts-nocheck
// What the model's chat template makes of the first rows: tried in a short process while the summary is read.
import {el} from '../../components/dom.js';
import {call} from '../../components/live.js';
import {card as rlCard, icon, skeleton} from '../../components/marks.js';
import {count, number} from '../../components/words.js';

const reasons = {
  'the chat template would change the answer': 'it would not write them as they are',
  'the chat template would change the prompt': 'it would write their prompts otherwise than they are asked',
};
const text = (name, value) => [
  el('dt', {}, name),
  el('dd', {}, el('pre', {class: 'rl-code rl-audited'}, value)),
];
const notes = found => [
  ...found.notes,
  ...Object.entries(found.refused).map(
    ([reason, rows]) =>
      `The chat template refuses ${number(rows)} of the ${count(found.rows, 'row')} tried, which are left out: ${reason}.`,
  ),
  ...(found.notes.length ? [] : found.past_template).map(
    reason =>
      `Some answers are put behind their prompts instead of being taken from the chat template: ${reasons[reason] ?? reason}.`,
  ),
];

function fill(card, found) {
  card.replaceChildren(
    el(
      'div',
      {class: 'rl-cb'},
      notes(found).map(note => el('p', {class: 'rl-small rl-audit-note'}, note)),
      found.example &&
        el('dl', {class: 'rl-dl'}, text('Asked', found.example.prompt), text('Learnt', found.example.answer)),
      !found.example &&
        !notes(found).length &&
        el('p', {class: 'rl-small rl-muted'}, 'The chat template writes these prompts as they are.'),
    ),
  );
}

export const audit = (asked, serve) => {
  const body = el('div', {}, skeleton(72, 48));
  const card = rlCard(
    {title: 'As the model reads it', sub: 'its chat template, tried on the first rows'},
    body,
  );
  call(serve, asked).then(
    found => (found.notes ? fill(body, found) : card.remove()),
    problem =>
      body.replaceChildren(
        el(
          'div',
          {class: 'rl-cb'},
          el(
            'div',
            {class: 'rl-note bad', role: 'alert'},
            icon('warn'),
            el('div', {}, el('div', {class: 'rl-nt'}, 'A run on this model would fail'), problem.message),
          ),
        ),
      ),
  );
  return card;
};
