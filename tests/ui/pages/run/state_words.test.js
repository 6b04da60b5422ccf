import assert from 'node:assert/strict';
import {test} from 'node:test';
import {actsOf, isPrimary, resumeWords} from '../../../../rlft_gui/ui/pages/run/head_acts.js';
import {awaiting, following, stateSentence} from '../../../../rlft_gui/ui/pages/run/state_words.js';

const run = {
  id: 'r',
  title: 'Tour',
  stage: 'SFT',
  output: 'policy',
  status: 'succeeded',
  live: false,
  phase: null,
  reason: null,
  attempt: 1,
  step: 80,
  total_steps: 80,
  ran_seconds: 65,
};
const here = {id: 'r', here: true, mine: true, status: 'succeeded', stage: 'SFT'};
const next = {id: 'n', here: false, mine: true, status: 'queued', stage: 'DPO'};

/**
 * A run's state with some things about it changed.
 * @param {object} about the run
 * @param {object} more
 * @returns {any}
 */
const state = (about = {}, more = {}) => ({
  run: {...run, ...about},
  lineage: {nodes: [here], links: [], left_out: 0, votes: []},
  checkpoint: null,
  on_stop: null,
  compare: null,
  review: null,
  look_at: null,
  failure: null,
  ...more,
});
const followed = {lineage: {nodes: [here, next], links: [], left_out: 0, votes: []}};
const held = {...followed, review: {waiting: [{id: 'n', stage: 'DPO'}], fixed: null}};
const comparable = {compare: {models: 'base,r', words: 'Compare base and SFT'}};

test('a run that waits says for what', () => {
  assert.equal(stateSentence(state({status: 'queued'})), 'Waits for its turn.');
  assert.equal(
    stateSentence(state({status: 'queued', reason: 'Starts when a ends.'})),
    'Starts when a ends.',
  );
});

test('a live run says what it does', () => {
  const live = {status: 'running', live: true};
  assert.equal(stateSentence(state({...live, phase: 'loading'})), 'Loading model and data.');
  assert.equal(
    stateSentence(state({...live, phase: 'training', attempt: 2})),
    'Attempt 2 begins from the start. Training. Goes on when you close this page.',
  );
  const kept = {checkpoint: {step: 40, bytes: 1}};
  assert.equal(
    stateSentence(state({...live, phase: 'training', attempt: 2}, kept)),
    'Attempt 2 goes on from the last complete checkpoint. Training. Goes on when you close this page.',
  );
  assert.equal(stateSentence(state({...live, phase: 'saving', output: 'rows'})), 'Saving the rows.');
  assert.equal(stateSentence(state({...live, status: 'stopping'}, {on_stop: 'It saves.'})), 'It saves.');
});

test('a run that succeeded says what it left and what comes', () => {
  assert.equal(
    stateSentence(state({}, {checkpoint: {step: 80, bytes: 2_500_000}, ...followed})),
    'Finished 80 steps in 1 min 05 s. Checkpoint 80 is complete, 2.5 MB. DPO comes next and is queued.',
  );
  assert.equal(
    stateSentence(state({output: 'rows', step: 1, ran_seconds: null}, held)),
    'Finished 1 prompt. DPO begins when its rows have passed.',
  );
});

test('the next stage is the next of this pipeline that has not succeeded', () => {
  assert.equal(following(state({}, followed))?.id, 'n');
  assert.equal(following(state({status: 'failed'}, followed)), undefined);
  const other = {lineage: {nodes: [here, {...next, mine: false}], links: [], left_out: 0, votes: []}};
  assert.equal(following(state({}, other)), undefined);
  assert.equal(awaiting(state({status: 'running'}, held)), '', 'not while rows are still being made');
});

test('each state has its buttons', () => {
  assert.deepEqual(actsOf(state({status: 'queued'}, {look_at: 'maker'})), ['look', 'clone', 'unqueue']);
  assert.deepEqual(actsOf(state({status: 'running', live: true})), ['clone', 'stop']);
  assert.deepEqual(actsOf(state({status: 'stopping', live: true})), ['clone']);
  assert.deepEqual(actsOf(state({}, comparable)), ['compare', 'clone', 'remove']);
  assert.deepEqual(actsOf(state({}, {...comparable, ...followed})), ['watch', 'compare', 'clone']);
  const scores = {...comparable, checkpoint: {step: 40, bytes: 1}};
  assert.deepEqual(actsOf(state({output: 'reward_model'}, scores)), ['score', 'clone', 'remove']);
  assert.deepEqual(actsOf(state({output: 'reward_model'}, comparable)), ['compare', 'clone', 'remove']);
  assert.deepEqual(actsOf(state({status: 'stopped'})), ['resume', 'clone', 'remove']);
  /** @param {string} act */
  const failed = act => actsOf(state({status: 'failed'}, {failure: {mend: {act}}}));
  assert.deepEqual(failed('resume'), ['clone', 'remove'], 'resuming is the button of the failure itself');
  assert.deepEqual(failed('clone'), ['resume', 'clone', 'remove']);
  assert.deepEqual(failed('change'), ['resume', 'remove']);
});

test('one button is what the page suggests', () => {
  /** @param {any} of */
  const primary = of => actsOf(of).filter(act => isPrimary(act, of));
  assert.deepEqual(primary(state({}, comparable)), ['compare']);
  assert.deepEqual(primary(state({}, {...comparable, ...followed})), ['watch']);
  assert.deepEqual(primary(state({}, {...comparable, ...held})), [], 'letting the rows pass is');
  assert.deepEqual(primary(state({status: 'stopped'})), ['resume']);
  assert.deepEqual(primary(state({status: 'failed'}, {failure: {mend: {act: 'clone'}}})), []);
});

test('resuming says from where', () => {
  assert.equal(resumeWords(state({}, {checkpoint: {step: 40, bytes: 1}})), 'Resume from step 40');
  assert.equal(resumeWords(state({output: 'rows', step: 7})), 'Resume from prompt 7');
  assert.equal(resumeWords(state({step: 7})), 'Start again');
});

test('a batch leads to its table, and goes on behind the answers that it has', () => {
  const batch = (/** @type {object} */ about) => state({output: 'answers', step: 64, ...about});
  assert.deepEqual(actsOf(batch({})), ['answers', 'clone', 'remove']);
  assert.deepEqual(actsOf(batch({status: 'running', live: true})), ['answers', 'clone', 'stop']);
  const failed = batch({status: 'failed'});
  assert.deepEqual(actsOf(failed), ['answers', 'resume', 'clone', 'remove']);
  assert.equal(isPrimary('answers', failed), false);
  assert.equal(resumeWords(failed), 'Resume from answer 64');
  assert.match(stateSentence(batch({})), /^Finished 64 answers/);
});
