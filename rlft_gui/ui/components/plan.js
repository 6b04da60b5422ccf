/* eslint-disable */
// @ts-nocheck
// The stages that a method unfolds into. rl.plan(stages) → a list in order; lines on its left lead from
// each stage to
// those that take something from it, and words beside it say the same.
import {el, svg} from './dom.js';

const WORDS = {weights: 'goes on from', rows: 'learns from the rows of', reward: 'is scored by'};
const LANE = 14,
  FIRST = 10;

function words(stage, i, stages) {
  const takes = stage.takes.map(([role, from]) =>
    el('li', {}, `${WORDS[role]} `, el('b', {}, `${from + 1}. ${stages[from].title}`)),
  );
  const makes = stage.makes && el('li', {}, `makes ${stage.makes}`);
  return el('ul', {class: 'rl-takes rl-small'}, takes, makes);
}
// Every line runs in the lane nearest to the stages that is free along its way; the line to the stage right
// above
// runs straight.
function lanes(links) {
  const taken = [];
  return links
    .sort((a, b) => a.to - a.from - (b.to - b.from))
    .map(link => {
      if (link.to - link.from === 1) return {...link, lane: 0};
      let lane = 1;
      while ((taken[lane] ?? []).some(other => other.from < link.to && link.from < other.to)) lane += 1;
      (taken[lane] ??= []).push(link);
      return {...link, lane};
    });
}
function draw(list, stages) {
  const once = new Map();
  stages.forEach((stage, to) =>
    stage.takes.forEach(([role, from]) => once.set(`${from} ${to}`, {from, to, role})),
  );
  const links = lanes([...once.values()]),
    most = Math.max(0, ...links.map(link => link.lane));
  const dots = [...list.querySelectorAll('.rl-dot')];
  list.style.setProperty('--lanes', `${FIRST + most * LANE}px`);
  const lines = svg('svg', {class: 'rl-lines-of', 'aria-hidden': 'true'});
  list.prepend(lines);
  function place() {
    const box = list.getBoundingClientRect();
    if (!box.width) return;
    const at = dots.map(dot => {
      const it = dot.getBoundingClientRect();
      return {x: it.left - box.left, y: it.top - box.top + it.height / 2, h: it.height / 2, w: it.width / 2};
    });
    lines.setAttribute('width', box.width);
    lines.setAttribute('height', box.height);
    lines.replaceChildren(
      ...links.map(({from, to, role, lane}) => {
        const a = at[from],
          b = at[to],
          x = a.x - lane * LANE + 2;
        const d =
          lane === 0
            ? `M${a.x + a.w} ${a.y + a.h}V${b.y - b.h}`
            : `M${a.x} ${a.y + 4}H${x + 6}Q${x} ${a.y + 4} ${x} ${a.y + 10}V${b.y - 10}Q${x} ${b.y - 4} ${x + 6} ${b.y - 4}H${b.x}`;
        return svg('path', {d, class: `rl-way ${role}`});
      }),
    );
  }
  new ResizeObserver(place).observe(list);
}

export const plan = stages => {
  let round = null;
  const list = el('ol', {class: 'rl-plan'});
  stages.forEach((stage, i) => {
    const first = stage.round && stage.round !== round;
    round = stage.round;
    list.append(
      el(
        'li',
        {},
        first && el('div', {class: 'rl-round rl-xs'}, `Round ${stage.round}`),
        el(
          'div',
          {class: 'rl-step-row'},
          el('span', {class: 'rl-dot'}, `${i + 1}`),
          el(
            'div',
            {},
            el('span', {class: 'rl-b'}, stage.title),
            ' ',
            el('span', {class: 'rl-faint rl-small'}, stage.about),
            words(stage, i, stages),
          ),
        ),
      ),
    );
  });
  draw(list, stages);
  return list;
};
