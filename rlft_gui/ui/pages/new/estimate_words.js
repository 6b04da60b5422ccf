// How memory and time of a stage are told.
/** @typedef {import('../../payloads').PipelineEstimate['stages'][number]} StageEstimate */

/** @type {Record<string, string>} */
const PARTS = {
  process: 'The process itself',
  weights: 'Weights',
  gradients: 'Gradients',
  optimizer: 'Optimizer',
  activations: 'Activations',
  logits: 'Logits',
  cache: 'Key-value cache',
  reference: 'Reference',
  probe_base: 'Base for the probe',
  reward_model: 'Reward model',
  judge: 'Judge',
  copies: 'Copies while loading or saving',
};

/** @param {string} name */
export const partName = name => PARTS[name] ?? name;

const GIGABYTE = 1e9;

/** With no more digits than an estimate has. @param {number} size */
export const about = size => (size < GIGABYTE ? `${Math.round(size / 1e6)} MB` : `${inGigabytes(size)} GB`);

/** @param {number} size */
const inGigabytes = size => (size / GIGABYTE).toFixed(size < 10 * GIGABYTE ? 1 : 0);

/** "3.1 of 22 GB". @param {number} size @param {number} total */
export const ofMemory = (size, total) => `${inGigabytes(size)} of ${about(total)}`;

/** @param {StageEstimate} one @param {readonly StageEstimate[]} all */
export const roundOf = (one, all) =>
  all.some(({stage, round}) => stage === one.stage && round !== one.round) ? `, round ${one.round + 1}` : '';

/**
 * Both ends rounded outwards, so that the words say no less than the numbers.
 * @param {StageEstimate['time'] | undefined} time
 * @param {boolean} isMeasuring
 */
export function timeInWords(time, isMeasuring) {
  if (!time) return isMeasuring ? 'measuring this machine …' : 'time not known yet';
  return range(time.low, time.high);
}

/** @type {readonly [number, string][]} */
const UNITS = [
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** @param {number} low @param {number} high s */
function range(low, high) {
  const [size, unit] = UNITS.find(([size]) => high >= 2 * size) ?? UNITS[UNITS.length - 1];
  const first = Math.floor(low / size);
  const last = Math.max(1, Math.ceil(high / size));
  if (!first) return `up to ${last} ${unit}`;
  return first === last ? `about ${first} ${unit}` : `${first} to ${last} ${unit}`;
}

/** @param {readonly StageEstimate[]} stages @param {boolean} isMeasuring */
export function timeOfAll(stages, isMeasuring) {
  const times = stages.flatMap(({time}) => time ?? []);
  if (isMeasuring || !times.length)
    return 'How long it takes is known once something of this kind has run on this base.';
  const low = times.reduce((sum, time) => sum + time.low, 0);
  const high = times.reduce((sum, time) => sum + time.high, 0);
  const unknown = times.length < stages.length ? ' without the stages whose time is not known' : '';
  const source = times.every(time => time.source === 'earlier runs')
    ? 'As earlier runs on this base took'
    : 'Worked out from how fast this machine computes, without loading and probes';
  return `${range(low, high)} in all${unknown}. ${source}.`.replace(/^\w/, letter => letter.toUpperCase());
}
