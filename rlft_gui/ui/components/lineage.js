/* eslint-disable */
// @ts-nocheck
// Which run fed which, drawn as a graph: sources before takers, a line for each thing that is taken, its
// name on the
// line. Boxes are links in reading order; lines are only for the eye, so each box also says in words what
// it takes.
import {address} from './address.js';
import {el, link, svg} from './dom.js';
import {glyph, statusIcon} from './marks.js';
import {count, duration, outcome} from './words.js';

const BASE = null;
const ROLES = {adapter: 'weights', data: 'rows', reward: 'reward', judge: 'judge'};
const BOX = {width: 180, height: 52},
  LEAST_BOX = 148;
const ACROSS = {between: 82, least: 70, beside: 14},
  DOWN = {between: 46, beside: 14},
  LANE = {across: 18, down: 56};

// Layers by the longest way from the base. A line that skips layers gets a lane in each, so that it runs
// round boxes.
function layers(nodes, links) {
  const depth = new Map([[BASE, 0]]);
  for (const {id} of nodes)
    depth.set(
      id,
      1 +
        Math.max(0, ...links.filter(([, , taker]) => taker === id).map(([source]) => depth.get(source) ?? 0)),
    );
  const rows = Array.from({length: Math.max(...depth.values()) + 1}, () => []);
  rows[0].push({id: BASE});
  for (const node of nodes) rows[depth.get(node.id)].push({id: node.id});
  // Several roles between the same two runs are one line.
  const joined = new Map();
  for (const [source, role, taker] of links) {
    const key = JSON.stringify([source, taker]);
    if (!joined.has(key)) joined.set(key, {source, taker, roles: []});
    joined.get(key).roles.push(role);
  }
  const ways = [...joined.values()].map(({source, taker, roles}) => {
    const places = [];
    for (let at = depth.get(source) + 1; at < depth.get(taker); at++) {
      const lane = {lane: true};
      rows[at].push(lane);
      places.push(lane);
    }
    return {roles, places: [source, ...places, taker]};
  });
  return {rows, ways};
}

// Each layer is put in the order of what it takes from, so that lines cross little.
function order({rows, ways}) {
  const find = place =>
    rows.flat().find(one => one === place || (!one.lane && !place?.lane && one.id === place));
  const steps = ways.flatMap(way =>
    way.places.slice(1).map((place, i) => ({
      from: find(way.places[i]),
      to: find(place),
      way,
      last: i === way.places.length - 2,
    })),
  );
  for (const row of rows) {
    for (const one of row) {
      const from = steps.filter(step => step.to === one).map(step => step.from.rank ?? 0);
      one.wish = from.length ? from.reduce((a, b) => a + b, 0) / from.length : 0;
    }
    row.sort((a, b) => a.wish - b.wish);
    row.forEach((one, i) => {
      one.rank = i;
    });
  }
  return steps;
}

// Where everything stands; `flows` is "across" or "down". Gaps and boxes shrink a little before anything
// must scroll.
function place(rows, flows, room) {
  const across = flows === 'across',
    {beside} = across ? ACROSS : DOWN;
  const between = across
    ? Math.max(
        ACROSS.least,
        Math.min(ACROSS.between, (room - rows.length * BOX.width) / (rows.length - 1 || 1)),
      )
    : DOWN.between;
  const boxes = row => row.filter(one => !one.lane).length,
    lanes = row => row.length - boxes(row);
  const fitting = row => (room - (row.length - 1) * beside - lanes(row) * LANE.down) / (boxes(row) || 1);
  const width = across ? BOX.width : Math.max(LEAST_BOX, Math.min(BOX.width, ...rows.map(fitting)));
  const size = one => (one.lane ? LANE[flows] : across ? BOX.height : width);
  const widths = rows.map(row => row.reduce((sum, one) => sum + size(one) + beside, -beside)),
    widest = Math.max(...widths);
  rows.forEach((row, depth) => {
    const along = depth * ((across ? width : BOX.height) + between);
    let at = across ? 0 : (widest - widths[depth]) / 2;
    for (const one of row) {
      Object.assign(
        one,
        across ? {x: along, y: at, w: width, h: size(one)} : {x: at, y: along, w: size(one), h: BOX.height},
      );
      at += size(one) + beside;
    }
  });
  const length = rows.length * ((across ? width : BOX.height) + between) - between;
  return across ? {width: length, height: widest} : {width: widest, height: length};
}

const middle = one => [one.x + one.w / 2, one.y + one.h / 2];
function curve(from, to, across) {
  const [x0, y0] = across ? [from.x + from.w, middle(from)[1]] : [middle(from)[0], from.y + from.h];
  const [x1, y1] = across ? [to.x, middle(to)[1]] : [middle(to)[0], to.y];
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const through = to.lane ? (across ? `L${to.x + to.w} ${y1}` : `L${x1} ${to.y + to.h}`) : '';
  const at = to.lane ? middle(to) : [mx, my]; // on its lane, clear of the line beside it
  return {
    d:
      (across
        ? `M${x0} ${y0}C${mx} ${y0} ${mx} ${y1} ${x1} ${y1}`
        : `M${x0} ${y0}C${x0} ${my} ${x1} ${my} ${x1} ${y1}`) + through,
    at,
  };
}

// lineage(holder): draw(facts) draws `facts.lineage` in the direction that has room.
export const lineage = holder => {
  let facts = null,
    drawn = '';
  const nav = el('nav', {'aria-label': 'Lineage', class: 'rl-graph', tabindex: 0});
  holder.append(nav);

  // In a box there is room for one unit; the run's page tells the seconds.
  const brief = seconds =>
    seconds < 60
      ? duration(seconds)
      : seconds < 3600
        ? `${Math.round(seconds / 60)} min`
        : `${Math.round(seconds / 3600)} h`;
  const more = one =>
    one.status === 'succeeded'
      ? [outcome(one), one.seconds != null && brief(one.seconds)].filter(Boolean).join(' · ')
      : one.live && one.percent != null
        ? `${one.percent} %`
        : one.status;
  const named = one => (one.round ? `${one.stage} · round ${one.round}` : one.stage);
  const inWords = ({nodes, links}, id) =>
    links
      .filter(([source, , taker]) => taker === id && source !== BASE)
      .map(([source, role]) => `${ROLES[role] ?? role} from ${named(nodes.find(one => one.id === source))}`)
      .join(', ');
  function box(one, graph) {
    const takes = inWords(graph, one.id);
    return link(
      address('/run', {run: one.id}),
      {
        class: `rl-node ${one.mine ? '' : 'other'}`,
        'aria-current': one.here && 'page',
        title: one.mine ? null : one.title,
      },
      el('span', {class: 'rl-node-name'}, glyph(one.method), el('span', {}, named(one))),
      el(
        'span',
        {class: 'rl-node-more'},
        el('span', {class: `rl-lin-mark ${one.status}`}, statusIcon(one)),
        el('span', {}, one.mine ? more(one) : one.title),
      ),
      takes && el('span', {class: 'rl-vh'}, `, takes ${takes}`),
    );
  }
  const base = () =>
    el(
      'span',
      {class: 'rl-node'},
      el('span', {class: 'rl-node-name'}, glyph('base'), el('span', {}, facts.base)),
      el('span', {class: 'rl-node-more'}, 'base model'),
    );

  function paint() {
    const graph = facts.lineage,
      {rows, ways} = layers(graph.nodes, graph.links),
      steps = order({rows, ways});
    const room = (holder.clientWidth || 1200) - 4; // less the padding of the graph
    const wide = place(rows, 'across', room),
      across = wide.width <= room || (wide.height < 400 && room > 700),
      size = across ? wide : place(rows, 'down', room);
    const key = JSON.stringify([graph, facts.base, across, size]);
    if (key === drawn) return;
    drawn = key;
    const lines = svg('svg', {width: size.width, height: size.height, 'aria-hidden': 'true'}),
      labels = [];
    for (const {from, to, way, last} of steps) {
      const {d, at} = curve(from, to, across),
        only = way.roles[0];
      lines.append(svg('path', {d, class: `rl-edge ${only}`}));
      if (last)
        lines.append(
          svg('path', {
            class: 'rl-edge-head',
            d: across
              ? `M${to.x - 6} ${middle(to)[1] - 4}l6 4-6 4`
              : `M${middle(to)[0] - 4} ${to.y - 6}l4 6 4-6`,
          }),
        );
      if (from === to || from.lane) continue;
      labels.push(
        el(
          'span',
          {class: 'rl-edge-word', 'aria-hidden': 'true', style: `left:${at[0]}px;top:${at[1]}px`},
          way.roles.map(role => ROLES[role] ?? role).join(', '),
        ),
      );
    }
    const at = new Map(
      rows
        .flat()
        .filter(one => !one.lane)
        .map(one => [one.id, one]),
    );
    const item = (id, node) => {
      const {x, y, w} = at.get(id);
      return el('li', {style: `left:${x}px;top:${y}px;width:${w}px;height:${BOX.height}px`}, node);
    };
    nav.replaceChildren(
      el(
        'div',
        {class: 'rl-graph-in', style: `width:${size.width}px;height:${size.height}px`},
        lines,
        labels,
        el(
          'ol',
          {},
          item(BASE, base()),
          graph.nodes.map(one => item(one.id, box(one, graph))),
        ),
      ),
      graph.left_out
        ? el(
            'p',
            {class: 'rl-xs rl-faint'},
            `${count(graph.left_out, 'older run')} of other pipelines also ${graph.left_out === 1 ? 'takes' : 'take'} something from this one.`,
          )
        : '',
    );
    const here = nav.querySelector('[aria-current]')?.parentNode;
    if (here)
      nav.scrollTo(
        here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2,
        here.offsetTop - (nav.clientHeight - BOX.height) / 2,
      );
  }
  let before = 0;
  new ResizeObserver(() => {
    if (Math.abs(holder.clientWidth - before) > 1) {
      before = holder.clientWidth;
      if (facts) paint();
    }
  }).observe(holder);
  return next => {
    facts = next;
    paint();
  };
};
