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
export const deleting = ({run, kept}, act) =>
  kept
    ? {title: `${runName(run)} cannot be deleted now`, text: kept, no: 'Close', act}
    : {
        title: `Delete ${runName(run)}?`,
        text:
          'It goes into the bin with all that it made: checkpoints or rows, curves, samples and log. ' +
          'From there it can be restored for 30 days. The data and the base model stay, and so does ' +
          'every other run.',
        yes: 'Delete this run',
        no: 'Keep it',
        act,
      };
