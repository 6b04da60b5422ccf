// The runs of a lineage in layers: each below or beside all that it takes from. A line that skips layers gets
// a lane in each, so that it runs round boxes.

/** @typedef {import('../../payloads').LineageGraph} LineageGraph */
/**
 * A place in a layer: of a run, of the base (id null), or a lane that a line passes through.
 * @typedef {{id: string | null, isLane: boolean}} Spot
 */
/**
 * A line from a source to a taker through the lanes between, with all that is taken along it.
 * @typedef {{roles: string[], spots: Spot[]}} Way
 */
/** @typedef {{from: Spot, to: Spot, way: Way, isLast: boolean}} Step a piece of a way, between two layers */
/** @typedef {{rows: Spot[][], steps: Step[]}} Layers */

const BASE = null;

/**
 * How many layers each run lies below the base: the longest way there.
 * @param {LineageGraph} graph
 * @returns {Map<string | null, number>}
 */
export function depths({nodes, links}) {
  /** @type {Map<string | null, number>} */
  const depth = new Map([[BASE, 0]]);
  for (const {id} of nodes) {
    const sources = links.filter(({taker}) => taker === id).map(({source}) => depth.get(source) ?? 0);
    depth.set(id, 1 + Math.max(0, ...sources));
  }
  return depth;
}

/**
 * Several roles between the same two runs are one line.
 * @param {LineageGraph['links']} links
 */
export function joined(links) {
  /** @type {Map<string, {source: string | null, taker: string, roles: string[]}>} */
  const lines = new Map();
  for (const {source, role, taker} of links) {
    const key = JSON.stringify([source, taker]);
    const line = lines.get(key) ?? {source, taker, roles: []};
    lines.set(key, {...line, roles: [...line.roles, role]});
  }
  return [...lines.values()];
}

/** @param {Way[]} ways @returns {Step[]} */
const stepsOf = ways =>
  ways.flatMap(way =>
    way.spots.slice(1).map((to, i) => ({from: way.spots[i], to, way, isLast: i === way.spots.length - 2})),
  );

/**
 * The layers from the base on, unordered.
 * @param {LineageGraph} graph
 * @returns {Layers}
 */
function unordered(graph) {
  const depth = depths(graph);
  /** @type {Spot[][]} */
  const rows = Array.from({length: Math.max(...depth.values()) + 1}, () => []);
  /** @type {Map<string | null, Spot>} */
  const spots = new Map([BASE, ...graph.nodes.map(({id}) => id)].map(id => [id, {id, isLane: false}]));
  for (const [id, spot] of spots) rows[depth.get(id) ?? 0].push(spot);
  const ways = joined(graph.links).map(({source, taker, roles}) => {
    const between = rows.slice((depth.get(source) ?? 0) + 1, depth.get(taker));
    const lanes = between.map(row => {
      const lane = {id: null, isLane: true};
      row.push(lane);
      return lane;
    });
    const ends = [source, taker].map(id => /** @type {Spot} */ (spots.get(id)));
    return {roles, spots: [ends[0], ...lanes, ends[1]]};
  });
  return {rows, steps: stepsOf(ways)};
}

/**
 * Each layer in the order of what it takes from, so that lines cross little.
 * @param {LineageGraph} graph
 * @returns {Layers}
 */
export function layersOf(graph) {
  const {rows, steps} = unordered(graph);
  /** @type {Map<Spot, number>} */
  const ranks = new Map();
  const ordered = rows.map(row => {
    /** @param {Spot} spot */
    const wish = spot => {
      const from = steps.filter(({to}) => to === spot).map(step => ranks.get(step.from) ?? 0);
      return from.length ? from.reduce((a, b) => a + b, 0) / from.length : 0;
    };
    const sorted = row.toSorted((a, b) => wish(a) - wish(b));
    sorted.forEach((spot, i) => ranks.set(spot, i));
    return sorted;
  });
  return {rows: ordered, steps};
}
