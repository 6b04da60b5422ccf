// What the boxes and lines of a lineage say.
import {duration} from '../../components/times.js';
import {outcome} from '../../components/titles.js';

/** @typedef {import('../../payloads').LineageGraph} LineageGraph */
/** @typedef {import('../../payloads').LineageNode} LineageNode */

/** @type {Record<string, string>} */
const ROLES = {
  adapter: 'weights',
  data: 'rows',
  reward: 'reward',
  judge: 'judge',
  held_out: 'held-out rows',
  measure: 'measure',
  measure_judge: 'measure',
};

/** What is taken along a line. @param {string} role */
export const taken = role => ROLES[role] ?? role;

/** @param {LineageNode} node */
export const nodeName = ({stage, round}) => (round ? `${stage} · round ${round}` : stage);

/** In a box there is room for one unit; the run's page tells the seconds. @param {number} seconds */
function brief(seconds) {
  if (seconds < 60) return duration(seconds);
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** How it came out, or how far it is. @param {LineageNode} node */
export function nodeState(node) {
  if (node.status === 'succeeded')
    return [outcome(node), node.seconds != null && brief(node.seconds)].filter(Boolean).join(' · ');
  return node.live && node.percent != null ? `${node.percent} %` : node.status;
}

/**
 * What a run takes from others; lines are only for the eye.
 * @param {LineageGraph} graph
 * @param {string} id
 */
export function takes({nodes, links}, id) {
  const names = new Map(nodes.map(node => [node.id, nodeName(node)]));
  return links
    .filter(({source, taker}) => taker === id && source !== null)
    .map(({source, role}) => `${taken(role)} from ${names.get(source ?? '')}`)
    .join(', ');
}
