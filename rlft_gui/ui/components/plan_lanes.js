// The lines beside a plan: from each stage to those that take something from it, each in a lane of its own.

/** @typedef {'weights' | 'rows' | 'reward'} Role */
/**
 * Places of two stages, and what goes from one to the other.
 * @typedef {{from: number, to: number, role: Role}} Link
 */
/** @typedef {Link & {lane: number}} Way */
/**
 * The middle of a stage's dot, and half of its width and height.
 * @typedef {{x: number, y: number, w: number, h: number}} Dot
 */

const LANE = 14; // px
const FIRST = 10;
const CORNER = 6;
const APART = 4; // from the middle of a dot, so that coming and going lines do not meet

/**
 * One line from a stage to another, whatever it takes; the last thing that it takes gives the line its look.
 * @param {readonly {takes: readonly (readonly [Role, number])[]}[]} stages
 * @returns {Link[]}
 */
export function links(stages) {
  /** @type {Map<string, Link>} */
  const once = new Map();
  stages.forEach(({takes}, to) =>
    takes.forEach(([role, from]) => once.set(`${from} ${to}`, {from, to, role})),
  );
  return [...once.values()];
}

/**
 * Every line runs in the lane nearest to the stages that is free along its way; the line to the stage right
 * below
 * runs straight.
 * @param {readonly Link[]} all
 * @returns {Way[]}
 */
export function lanes(all) {
  /** @type {Link[][]} */
  const taken = [];
  /** @param {Link} link @param {number} lane */
  const isFree = (link, lane) =>
    !(taken[lane] ?? []).some(other => other.from < link.to && link.from < other.to);
  return [...all]
    .sort((a, b) => a.to - a.from - (b.to - b.from))
    .map(link => {
      if (link.to - link.from === 1) return {...link, lane: 0};
      let lane = 1;
      while (!isFree(link, lane)) lane += 1;
      (taken[lane] ??= []).push(link);
      return {...link, lane};
    });
}

/**
 * How much room the lanes need on the left.
 * @param {readonly Way[]} ways
 */
export const room = ways => FIRST + Math.max(0, ...ways.map(({lane}) => lane)) * LANE;

/**
 * The line as the path of an SVG.
 * @param {Way} way
 * @param {readonly Dot[]} dots
 */
export function path({from, to, lane}, dots) {
  const a = dots[from];
  const b = dots[to];
  if (lane === 0) return `M${a.x + a.w} ${a.y + a.h}V${b.y - b.h}`;
  const x = a.x - lane * LANE + 2;
  const out = `M${a.x} ${a.y + APART}H${x + CORNER}`;
  const down = `Q${x} ${a.y + APART} ${x} ${a.y + APART + CORNER}V${b.y - APART - CORNER}`;
  return `${out}${down}Q${x} ${b.y - APART} ${x + CORNER} ${b.y - APART}H${b.x}`;
}
