import assert from 'node:assert/strict';
import {test} from 'node:test';
import {notes} from '../../../../rlft_gui/ui/pages/new/audit_notes.js';
import {lengthsInWords} from '../../../../rlft_gui/ui/components/adding/data_lengths.js';
import {millions} from '../../../../rlft_gui/ui/pages/new/parameters.js';
import {probes} from '../../../../rlft_gui/ui/pages/new/probe_words.js';

/** @type {import('../../../../rlft_gui/ui/payloads').LengthReport} */
const REPORT = {
  max_length: 512,
  longest: 700,
  median: 80,
  over: 0,
  dropped: 0,
  total: 100,
  measured: 100,
  split: 0,
};

/** @type {import('../../../../rlft_gui/ui/payloads').Audit} */
const AUDIT = {notes: [], refused: {}, past_template: [], conversations: [], rows: 8};

test('rows that fit are said to fit', () => {
  assert.equal(
    lengthsInWords(REPORT),
    "All fit into 512 tokens. The longest has 700, half have at most 80. Estimated in this model's tokens.",
  );
});

test('what is shortened and what is dropped is counted, by estimate where some rows were measured', () => {
  const words = lengthsInWords({...REPORT, over: 1, dropped: 20, measured: 50});
  assert.match(words, /^About 1 row will be shortened to 512 tokens\./);
  assert.match(words, /\. About 20 rows will be dropped: the prompt alone is as long\./);
});

test('documents that become several rows are counted, and none of them is called shortened', () => {
  const words = lengthsInWords({...REPORT, split: 2});
  assert.match(words, /^2 rows will be split into rows of 512 tokens; all of each is learnt\. The longest/);
});

test('rows that a template refuses are counted with the reason', () => {
  assert.deepEqual(notes({...AUDIT, refused: {'no system turn': 2}}), [
    'The chat template refuses 2 of the 8 rows tried, which are left out: no system turn.',
  ]);
});

test('why a template is passed by is said once', () => {
  const reason = 'the chat template would change the answer';
  const [sentence] = notes({...AUDIT, past_template: [reason]});
  assert.match(sentence, /chat template: it would not write them as they are\.$/);
  assert.deepEqual(notes({...AUDIT, notes: ['It is odd.'], past_template: [reason]}), ['It is odd.']);
});

test('parameters are rounded by their size', () => {
  assert.equal(millions(1_200_000), '1.2 M');
  assert.equal(millions(360_000_000), '360 M');
  assert.equal(millions(1_540_000_000), '1.5 B');
});

test('the share of probes is told where earlier runs tell it', () => {
  assert.equal(probes({probing: 0.123}), 'About 12 % of the time, as in earlier runs on this base.');
  assert.match(probes({probing: null}), /not known: nothing of this kind/);
});
