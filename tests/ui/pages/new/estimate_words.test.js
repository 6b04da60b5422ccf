import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  about,
  ofMemory,
  partName,
  roundOf,
  timeInWords,
  timeOfAll,
} from '../../../../rlft_gui/ui/pages/new/estimate_words.js';

/** @typedef {import('../../../../rlft_gui/ui/payloads').PipelineEstimate['stages'][number]} StageEstimate */

/** @type {StageEstimate} */
const STAGE = {
  stage: 'sft',
  title: 'SFT',
  round: 0,
  bytes: 3_140_000_000,
  parts: {},
  verdict: 'fits',
  ways: [],
  time: {low: 250, high: 410, source: 'this machine'},
};

test('memory is told in gigabytes of all that there is', () => {
  assert.equal(ofMemory(3_140_000_000, 22_000_000_000), '3.1 of 22 GB');
  assert.equal(about(624_500_000), '625 MB');
  assert.equal(ofMemory(31_400_000_000, 80_000_000_000), '31 of 80 GB');
});

test('a time is a range whose ends are rounded outwards', () => {
  assert.equal(timeInWords(STAGE.time, false), '4 to 7 min');
  assert.equal(timeInWords({low: 3, high: 9, source: 'this machine'}, false), '3 to 9 s');
  assert.equal(timeInWords({low: 20, high: 150, source: 'this machine'}, false), 'up to 3 min');
  assert.equal(timeInWords({low: 3500, high: 9000, source: 'this machine'}, false), 'up to 3 h');
});

test('what is not known is said, and that it is being found out', () => {
  assert.equal(timeInWords(null, false), 'time not known yet');
  assert.equal(timeInWords(null, true), 'measuring this machine …');
  assert.match(timeOfAll([{...STAGE, time: null}], false), /^How long it takes is known once/);
});

test('stages are added up, and where the figures come from is told', () => {
  assert.match(timeOfAll([STAGE, STAGE], false), /^8 to 14 min in all\. Worked out from how fast/);
  const known = {...STAGE, time: {low: 60, high: 180, source: /** @type {const} */ ('earlier runs')}};
  assert.match(timeOfAll([known], false), /As earlier runs on this base took\.$/);
  assert.match(timeOfAll([known, {...STAGE, time: null}], false), /without the stages whose time/);
});

test('rounds are told only where a stage is repeated', () => {
  assert.equal(roundOf(STAGE, [STAGE]), '');
  assert.equal(roundOf({...STAGE, round: 1}, [STAGE, {...STAGE, round: 1}]), ', round 2');
});

test('every part has a name', () => {
  assert.equal(partName('cache'), 'Key-value cache');
});
