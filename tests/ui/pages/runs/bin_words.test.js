import assert from 'node:assert/strict';
import test from 'node:test';
import {emptying, goesIn, purging, total} from '../../../../rlft_gui/ui/pages/runs/bin_words.js';

const run = {id: 'a', title: 'Tour', stage: 'DPO', palette: 'dpo', deleted_at: 0, expires_at: 1, bytes: 2e6};

test('the time that is left is told in days, at the end in hours', () => {
  assert.equal(goesIn(29.9 * 86_400), 'in 29 days');
  assert.equal(goesIn(86_400), 'in 1 day');
  assert.equal(goesIn(7200), 'in 2 h');
  assert.equal(goesIn(60), 'soon');
  assert.equal(goesIn(-5), 'soon');
});

test('what goes for good is asked about with its size', () => {
  const act = async () => {};
  assert.equal(total([run, run]), 4e6);
  assert.match(purging(run, act).text, /2\.0 MB/);
  assert.match(emptying([run, run], act).title, /2 runs for good/);
});
