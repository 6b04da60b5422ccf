import assert from 'node:assert/strict';
import {test} from 'node:test';
import {kindName} from '../../../rlft_gui/ui/components/kinds.js';

test('kinds are called as people would', () => {
  assert.equal(kindName('cards_ood'), 'Cards, unfamiliar rule');
  assert.equal(kindName('known'), 'Known');
});
