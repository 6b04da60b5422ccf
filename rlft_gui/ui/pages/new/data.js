/* eslint-disable */
// @ts-nocheck
// The third step: what a dataset holds. Five of its rows as plain text, and an account of the rows that
// were dropped.
import {el} from '../../components/dom.js';
import {badge, icon, note as rlNote} from '../../components/marks.js';
import {count, number} from '../../components/words.js';

const NAMES = {user: 'Prompt', system: 'System', assistant: 'Answer'};
const say = messages => messages.map(message => message.content).join('\n');

function turns(messages) {
  return messages.map(message =>
    el(
      'div',
      {class: 'rl-turn'},
      el('b', {}, NAMES[message.role] ?? message.role),
      el('p', {}, message.content),
    ),
  );
}
function answer(kind, mark, name, messages) {
  return (
    messages &&
    el('div', {class: `rl-turn ${kind}`}, el('b', {}, mark && icon(mark), name), el('p', {}, say(messages)))
  );
}
// One answer: plain, marked good or bad, or with scores.
function single(row) {
  if (!row.completion) return null;
  if (row.label === true) return answer('chosen', 'check', 'Good', row.completion);
  if (row.label === false) return answer('rejected', 'x', 'Bad', row.completion);
  const scores = Object.entries(row.scores ?? {})
    .map(([name, score]) => `${name} ${number(score)}`)
    .join(', ');
  return answer('', null, scores ? `Answer: ${scores}` : 'Answer', row.completion);
}
const example = row =>
  el(
    'li',
    {},
    turns(row.prompt ?? []),
    single(row),
    answer('chosen', 'check', 'Chosen', row.chosen),
    answer('rejected', 'x', 'Rejected', row.rejected),
    (row.candidates ?? []).map((messages, i) => answer('', null, `Answer ${i + 1}`, messages)),
  );

// "38 rows dropped: both answers were the same." One line per reason, with the first rows by number.
function account(data) {
  const reasons = Object.entries(data.reasons);
  const read = el(
    'p',
    {class: 'rl-small'},
    el('span', {class: 'rl-b'}, `${count(data.rows, 'row')} to learn from`),
    data.dropped ? `, ${number(data.dropped)} of ${number(data.rows_read)} dropped.` : '. None was dropped.',
  );
  const others = [
    ...Object.entries(data.changes ?? {}).map(([change, rows]) => `${count(rows, 'row')}: ${change}.`),
    ...(data.not_read?.length ? [`Columns not read: ${data.not_read.join(', ')}.`] : []),
  ].map(text => el('p', {class: 'rl-small rl-muted'}, text));
  if (!reasons.length) return others.length ? el('div', {class: 'rl-stack-s'}, read, others) : read;
  return el(
    'div',
    {class: 'rl-stack-s'},
    read,
    others,
    el(
      'ul',
      {class: 'rl-reasons rl-small'},
      reasons.map(([reason, rows]) => el('li', {}, `${count(rows, 'row')}: ${reason}`)),
    ),
    data.problems.length > 0 &&
      el(
        'details',
        {class: 'rl-small'},
        el(
          'summary',
          {},
          `The first ${data.problems.length === 1 ? 'dropped row' : `${data.problems.length} dropped rows`}`,
        ),
        el(
          'ul',
          {class: 'rl-reasons'},
          data.problems.map(problem => el('li', {}, `Row ${number(problem.row)}: ${problem.message}`)),
        ),
      ),
  );
}
// What the limit of the settings will do to the rows, in this model's tokens.
function lengths(report) {
  if (!report) return null;
  const estimate = report.measured < report.total ? 'about ' : '';
  const cut = report.over
    ? `${estimate}${count(report.over, 'row')} will be shortened to ${number(report.max_length)} tokens. `
    : '';
  const gone = report.dropped
    ? `${estimate}${count(report.dropped, 'row')} will be dropped: the prompt alone is as long. `
    : '';
  const fits = cut || gone ? '' : `All fit into ${number(report.max_length)} tokens. `;
  const words = `${cut}${gone}${fits}`;
  return el(
    'p',
    {class: 'rl-small rl-muted'},
    `${words.charAt(0).toUpperCase()}${words.slice(1)}The longest has ${number(report.longest)}, half have at most ${number(report.median)}. Estimated in this model's tokens.`,
  );
}

export default ({root, data: first}) => {
  const refused = said =>
    said
      ? el(
          'div',
          {style: 'margin-bottom:12px'},
          rlNote('bad', `${said.file} was not stored`, `${said.problem} ${said.used}`),
        )
      : '';
  function draw(data) {
    const note = refused(data?.refused);
    if (data?.problem)
      return root.replaceChildren(note, rlNote('bad', 'This dataset cannot be used', data.problem));
    if (!data?.examples) return root.replaceChildren(note);
    root.replaceChildren(
      note,
      el(
        'div',
        {class: 'rl-stack-s'},
        data.lacks && rlNote('bad', 'These rows do not suit the settings', data.lacks),
        el(
          'div',
          {class: 'rl-row rl-wrap'},
          el('span', {class: 'rl-b'}, data.name),
          badge('', null, data.format),
        ),
        account(data),
        lengths(data.lengths),
        el(
          'h3',
          {class: 'rl-small'},
          data.examples.length === data.rows ? 'All its rows' : `The first ${data.examples.length} rows`,
        ),
        el(
          'ol',
          {class: 'rl-examples', tabindex: 0, 'aria-label': 'Example rows'},
          data.examples.map(example),
        ),
      ),
    );
  }
  draw(first);
  return draw;
};
