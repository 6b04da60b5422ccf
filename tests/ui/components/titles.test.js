import assert from 'node:assert/strict';
import {test} from 'node:test';
import {alarmName, telling} from '../../../rlft_gui/ui/components/titles.js';

test('titles that fit stay whole', () => {
  assert.deepEqual(telling(['Tour', 'Tour (copy)']), ['Tour', 'Tour (copy)']);
});

test('what all titles share is left out, and equal ones have nothing to tell', () => {
  const [plain, copy] = telling(['Lantern SFT, then DPO', 'Lantern SFT, then DPO (copy)']);
  assert.notEqual(plain, copy);
  assert.ok(copy.endsWith('(copy)'));
  assert.deepEqual(telling(['Lantern SFT, then DPO', 'Lantern SFT, then DPO']), ['', '']);
});

test('an alarm is called as people would', () => {
  assert.equal(alarmName('over_refusal'), 'Over refusal');
});
