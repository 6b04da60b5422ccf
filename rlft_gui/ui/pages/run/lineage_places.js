// Where the boxes and lines of a lineage stand, in pixels.

/** @typedef {import('./lineage_layers.js').Layers} Layers */
/** @typedef {import('./lineage_layers.js').Spot} Spot */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */
/** @typedef {'across' | 'down'} Flow */
/** @typedef {{flow: Flow, width: number, height: number, boxes: Map<Spot, Box>}} Places */

export const BOX = {width: 180, height: 52};
const LEAST_WIDTH = 148;
const ACROSS = {between: 82, least: 70, beside: 14};
const DOWN = {between: 46, beside: 14};
const LANE = {across: 18, down: 56};
const LOW = 400; // px; a graph this low may be wider than the page and scroll
const WIDE_ROOM = 700;

/** @param {Spot[]} row */
const lanes = row => row.filter(spot => spot.isLane).length;

/**
 * The distance between layers, and the width of boxes: both shrink a little before anything must scroll.
 * @param {Spot[][]} rows
 * @param {Flow} flow
 * @param {number} room
 */
function measures(rows, flow, room) {
  if (flow === 'across') {
    const spare = (room - rows.length * BOX.width) / (rows.length - 1 || 1);
    return {between: Math.max(ACROSS.least, Math.min(ACROSS.between, spare)), width: BOX.width};
  }
  const fitting = rows.map(row => {
    const taken = (row.length - 1) * DOWN.beside + lanes(row) * LANE.down;
    return (room - taken) / (row.length - lanes(row) || 1);
  });
  return {between: DOWN.between, width: Math.max(LEAST_WIDTH, Math.min(BOX.width, ...fitting))};
}

/**
 * @param {Spot[][]} rows
 * @param {Flow} flow
 * @param {number} room px
 * @returns {Places}
 */
export function placed(rows, flow, room) {
  const isAcross = flow === 'across';
  const {between, width} = measures(rows, flow, room);
  const beside = isAcross ? ACROSS.beside : DOWN.beside;
  const deep = isAcross ? width : BOX.height; // of a layer, in the direction of flow
  /** @param {Spot} spot */
  const broad = spot => (spot.isLane ? LANE[flow] : isAcross ? BOX.height : width);
  const breadths = rows.map(row => row.reduce((sum, spot) => sum + broad(spot) + beside, -beside));
  const broadest = Math.max(...breadths);
  /** @type {Places['boxes']} */
  const boxes = new Map();
  rows.forEach((row, layer) => {
    const along = layer * (deep + between);
    let at = isAcross ? 0 : (broadest - breadths[layer]) / 2;
    for (const spot of row) {
      const size = broad(spot);
      boxes.set(
        spot,
        isAcross
          ? {x: along, y: at, width, height: size}
          : {x: at, y: along, width: size, height: BOX.height},
      );
      at += size + beside;
    }
  });
  const length = rows.length * (deep + between) - between;
  const size = isAcross ? {width: length, height: broadest} : {width: broadest, height: length};
  return {flow, boxes, ...size};
}

/**
 * In the direction that has room.
 * @param {Spot[][]} rows
 * @param {number} room px
 */
export function fitted(rows, room) {
  const wide = placed(rows, 'across', room);
  const fits = wide.width <= room || (wide.height < LOW && room > WIDE_ROOM);
  return fits ? wide : placed(rows, 'down', room);
}

/** @param {Box} box */
const middle = ({x, y, width, height}) => ({x: x + width / 2, y: y + height / 2});

/**
 * The path of a piece of a line, and where its word stands: on its lane, clear of the line beside it.
 * @param {Box} from
 * @param {Box} to
 * @param {boolean} isLane whether `to` is one, which the line then passes through
 * @param {Flow} flow
 */
export function curved(from, to, isLane, flow) {
  const isAcross = flow === 'across';
  const start = isAcross
    ? {x: from.x + from.width, y: middle(from).y}
    : {x: middle(from).x, y: from.y + from.height};
  const end = isAcross ? {x: to.x, y: middle(to).y} : {x: middle(to).x, y: to.y};
  const half = {x: (start.x + end.x) / 2, y: (start.y + end.y) / 2};
  const bend = isAcross
    ? `C${half.x} ${start.y} ${half.x} ${end.y} ${end.x} ${end.y}`
    : `C${start.x} ${half.y} ${end.x} ${half.y} ${end.x} ${end.y}`;
  const through = isAcross ? `L${to.x + to.width} ${end.y}` : `L${end.x} ${to.y + to.height}`;
  return {path: `M${start.x} ${start.y}${bend}${isLane ? through : ''}`, at: isLane ? middle(to) : half};
}

/** The head of an arrow before a box. @param {Box} box @param {Flow} flow */
export const arrowHead = (box, flow) =>
  flow === 'across'
    ? `M${box.x - 6} ${middle(box).y - 4}l6 4-6 4`
    : `M${middle(box).x - 4} ${box.y - 6}l4 6 4-6`;
