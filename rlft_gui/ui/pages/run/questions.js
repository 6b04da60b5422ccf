// What is asked before a run is stopped or deleted.
import {unqueue} from '../../components/question.js';
import {runName} from '../../components/titles.js';
import {unit} from './state_words.js';

/** @typedef {import('../../components/question.js').Question} Question */
/** @typedef {import('../../payloads').RunState} RunState */

/**
 * @param {RunState} state
 * @param {() => Promise<unknown>} act
 * @returns {Question}
 */
export const stopping = ({run, on_stop: keeps}, act) =>
  run.status === 'queued'
    ? unqueue(run, act)
    : {
        title: `Stop ${runName(run)} at ${unit(run)} ${run.step}?`,
        text: `${keeps} Curves, samples and log stay. Stages that wait for it end as well.`,
        yes: 'Stop now',
        no: 'Keep running',
        act,
      };

/**
 * @param {RunState} state
 * @param {() => Promise<unknown>} act
 * @returns {Question}
 */
export const deleting = ({run}, act) => ({
  title: `Delete ${runName(run)}?`,
  text:
    'All that it made is removed for good: checkpoints or rows, curves, samples and log. The data and the ' +
    'base model stay, and so does every other run.',
  yes: 'Delete this run',
  no: 'Keep it',
  act,
});
