/* eslint-disable */
// @ts-nocheck
// Panes: one answer each, side by side, redrawn while it is written. rl.panes(holder) returns
// draw(comparison, against).
import {diffWords} from '../../components/diff.js';
import {address} from '../../components/address.js';
import {el, link} from '../../components/dom.js';
import {badge as rlBadge, glyph} from '../../components/marks.js';
import {count, number, signed} from '../../components/words.js';

const SCALE = 2; // a score of ±2 fills its half of the bar
const NAMES = {gold: 'Gold'};
const name = criterion =>
  NAMES[criterion] ?? criterion.replaceAll('_', ' ').replace(/^./, first => first.toUpperCase());

// The answer with words that the other one lacks underlined and the others grey.
function marked(text, other) {
  if (other === null) return [text];
  return diffWords(other, text)
    .filter(piece => piece.kind !== 'gone')
    .flatMap(({kind, text: piece}) => {
      const [, space, words] = piece.match(/^(\s*)([\s\S]*)$/);
      return [space, el(kind === 'new' ? 'ins' : 'span', kind === 'new' ? {} : {class: 'rl-same'}, words)];
    });
}

function badge(answer) {
  if (answer.status === 'failed') return rlBadge('bad', 'x', 'Failed');
  if (answer.status === 'done')
    return answer.finish === 'stopped' ? rlBadge('', 'stop', 'Stopped') : rlBadge('good', 'check', 'Done');
  return answer.status === 'writing' ? rlBadge('run', 'live', 'Writing') : rlBadge('', 'clock', 'Waiting');
}
// The checkpoint that really answered, as soon as it is known; until then, what was asked for.
function origin(answer) {
  if (answer.model === 'base')
    return `${answer.title} · ${answer.checkpoint && answer.checkpoint !== 'base' ? answer.checkpoint : 'no adapter'}`;
  const [run, step] = (answer.checkpoint ?? answer.model).split('@');
  return [link(address('/run', {run}), {}, run), step ? `, step ${step}` : ', last checkpoint'];
}
const called = answer => (answer.model === 'base' ? 'Base' : answer.title);
const isOver = answer => answer.status === 'done' || answer.status === 'failed';

function bar(value) {
  const size = `${Math.min(1, Math.abs(value) / SCALE) * 50}%`;
  return el(
    'span',
    {class: 'rl-dv', 'aria-hidden': 'true'},
    el('i', value < 0 ? {class: 'n', style: `right:50%;width:${size}`} : {style: `left:50%;width:${size}`}),
  );
}
function scoreRow(criterion, answer) {
  const value = answer.scores[criterion];
  return el(
    'div',
    {class: 'rl-scr'},
    el('span', {class: 'rl-muted'}, name(criterion)),
    value === undefined ? el('span', {class: 'rl-dv'}) : bar(value),
    value === undefined
      ? el('span', {class: 'rl-faint rl-xs'}, isOver(answer) ? 'none' : 'waiting')
      : el('span', {class: 'rl-num'}, signed(value, 1)),
  );
}
function meta(answer) {
  const rate = answer.seconds > 0 ? answer.tokens / answer.seconds : 0;
  if (answer.status === 'waiting') return ['–'];
  if (answer.status === 'writing')
    return [`${count(answer.tokens, 'token')} so far`, rate && `${Math.round(rate)} tokens/s`];
  return [count(answer.tokens, 'token'), `${number(answer.seconds, 1)} s`, answer.finish];
}

function makePane() {
  const who = el('span', {class: 'rl-who'}),
    mark = el('span'),
    id = el('div', {class: 'rl-id'});
  const text = el('div', {class: 'rl-ans', tabindex: 0, 'aria-live': 'off'}),
    scores = el('div', {class: 'rl-scores'}),
    foot = el('div', {class: 'rl-meta', title: 'Tokens: the end token is counted, as in the probe.'});
  const node = el('article', {}, el('div', {class: 'rl-pt0'}, who, mark), id, text, scores, foot);
  const before = {};
  // A piece is redrawn only when what it says has changed, so that focus and selection survive.
  const piece = (key, value, draw) => {
    const now = JSON.stringify(value);
    if (before[key] !== now) {
      before[key] = now;
      draw();
    }
  };
  function set(answer, other, criteria) {
    piece('head', [answer.title, answer.method], () => {
      node.className = `rl-pane rl-m-${answer.method}`;
      node.setAttribute('aria-label', called(answer));
      who.replaceChildren(glyph(answer.method), el('span', {}, called(answer)));
    });
    piece('badge', [answer.status, answer.finish], () => mark.replaceChildren(badge(answer)));
    piece('id', [answer.title, answer.checkpoint], () => id.replaceChildren(...[origin(answer)].flat()));
    piece('text', [answer.text, answer.status, answer.error, other], () => {
      text.setAttribute('aria-label', `Answer of ${called(answer)}`);
      text.replaceChildren(
        ...marked(answer.text, other).filter(Boolean),
        ...(answer.status === 'writing' ? [el('span', {class: 'rl-caret', 'aria-hidden': 'true'})] : []),
        ...(answer.error ? [el('p', {class: 'rl-why'}, answer.error)] : []),
      );
      if (answer.status === 'writing') text.scrollTop = text.scrollHeight;
    });
    scores.hidden = !criteria.length;
    piece('scores', [answer.scores, answer.status, criteria], () =>
      scores.replaceChildren(...criteria.map(criterion => scoreRow(criterion, answer))),
    );
    piece('meta', meta(answer), () =>
      foot.replaceChildren(
        ...meta(answer)
          .filter(Boolean)
          .map(words => el('span', {}, words)),
      ),
    );
  }
  return {node, set};
}

export const panes = holder => {
  let groups = [],
    shape = '';
  function lay(comparison) {
    const now = JSON.stringify([comparison.id, comparison.models, comparison.prompts]);
    if (now === shape) return;
    shape = now;
    groups = comparison.prompts.map(prompt => ({prompt, panes: comparison.models.map(makePane)}));
    holder.replaceChildren(
      ...groups.map(group =>
        el(
          'section',
          {},
          groups.length > 1 && el('h2', {class: 'rl-prompt'}, group.prompt),
          el(
            'div',
            {class: 'rl-panes', style: `--n:${Math.min(group.panes.length, 4)}`},
            group.panes.map(pane => pane.node),
          ),
        ),
      ),
    );
  }
  const reference = (answers, against, answer) => {
    if (against === 'off') return null;
    const other = against === 'base' ? answers.find(one => one.model === 'base') : answers[0];
    return other && other !== answer ? other.text : null;
  };
  return (comparison, against) => {
    lay(comparison);
    groups.forEach((group, index) => {
      const answers = comparison.generations
        .filter(one => one.prompt_index === index)
        .sort((a, b) => a.pane - b.pane);
      answers.forEach((answer, pane) =>
        group.panes[pane]?.set(answer, reference(answers, against, answer), comparison.criteria[index] ?? []),
      );
    });
    holder.classList.toggle('rl-writing', !['done', 'failed'].includes(comparison.status));
  };
};
