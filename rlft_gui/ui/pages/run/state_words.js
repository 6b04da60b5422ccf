// What a run's head says: one sentence of its state, and the names of what it does.
import {bytes, count} from '../../components/numbers.js';
import {duration} from '../../components/times.js';

/** @typedef {import('../../payloads').RunState} RunState */
/** @typedef {import('../../payloads').RunCard} RunCard */

/** @type {Record<string, string>} */
const DOES = {
  loading: 'Loading model and data.',
  probing: 'Taking a probe on held-out prompts.',
};
/** @type {Record<string, string>} */
const PHASES = {
  loading: 'Loading',
  probing: 'First probe',
  training: 'Training',
  sampling: 'Making rows',
  answering: 'Answering',
  saving: 'Saving',
};

/** @type {Record<string, string>} by what a run leaves behind */
const UNITS = {rows: 'prompt', answers: 'answer'};
/** @type {Record<string, string>} */
const WORK = {rows: 'Making rows.', answers: 'Answering prompts.'};

/**
 * What a run counts: steps, prompts of which it makes rows, or answers.
 * @param {Pick<RunCard, 'output'>} run
 */
export const unit = run => UNITS[run.output] ?? 'step';

/** @param {RunCard} run */
export const phase = run => PHASES[run.phase ?? ''] ?? 'Starting';

/** The next stage of this pipeline, while it has not succeeded. @param {RunState} state */
export function following({run, lineage: {nodes}}) {
  if (run.status !== 'succeeded') return undefined;
  const here = nodes.findIndex(node => node.here);
  return nodes.find((node, i) => node.mine && node.status !== 'succeeded' && i > here);
}

/** The stages that begin once this run's rows have passed. @param {RunState} state */
export const awaiting = ({run, review}) =>
  (run.status === 'succeeded' && review?.waiting.map(({stage}) => stage).join(' and ')) || '';

/** @param {RunState} state */
function attempt({run, checkpoint}) {
  if (run.attempt === 1) return '';
  const where = checkpoint ? 'goes on from the last complete checkpoint' : 'begins from the start';
  return `Attempt ${run.attempt} ${where}. `;
}

/** @param {RunState} state */
function running(state) {
  const {run} = state;
  const goes = attempt(state);
  if (run.phase === 'saving')
    return `${goes}${run.output === 'rows' ? 'Saving the rows.' : 'Saving a checkpoint.'}`;
  const making = WORK[run.output] ?? 'Training.';
  return goes + (DOES[run.phase ?? ''] ?? `${making} Goes on when you close this page.`);
}

/** @param {RunState} state */
function succeeded(state) {
  const {run, checkpoint} = state;
  const next = following(state);
  const stages = awaiting(state);
  const time = run.ran_seconds == null ? '' : ` in ${duration(run.ran_seconds)}`;
  const comes = next ? `${next.stage} comes next and is ${next.status}.` : '';
  return [
    `Finished ${count(run.step, unit(run))}${time}.`,
    checkpoint ? `Checkpoint ${checkpoint.step} is complete, ${bytes(checkpoint.bytes)}.` : '',
    stages ? `${stages} begins when its rows have passed.` : comes,
  ]
    .filter(Boolean)
    .join(' ');
}

/** @param {RunState} state */
export function stateSentence(state) {
  const {run} = state;
  switch (run.status) {
    case 'queued':
      return run.reason ?? 'Waits for its turn.';
    case 'starting':
      return 'The training process is starting.';
    case 'running':
      return running(state);
    case 'stopping':
      return state.on_stop ?? '';
    case 'succeeded':
      return succeeded(state);
    case 'stopped':
      return run.reason ?? `Stopped at step ${run.step}.`;
    default:
      return '';
  }
}
