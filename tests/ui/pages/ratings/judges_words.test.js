import assert from 'node:assert/strict';
import {test} from 'node:test';

import {shares} from '../../../../rlft_gui/ui/pages/ratings/judges_words.js';

test('who decides is told with its share', () => {
  assert.equal(
    shares({pairs: 200, people: 30, judges: 120, open: 50}),
    'People where judges are unsure, judges elsewhere: of 200 pairs judges decide 120 (60 %) and ' +
      'people 30 (15 %); 50 (25 %) wait for people.',
  );
  assert.match(shares({pairs: 4, people: 1, judges: 3, open: 0}), /none waits for people\.$/);
});
