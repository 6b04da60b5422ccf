import assert from 'node:assert/strict';
import {test} from 'node:test';
import {EMPTY, judgeIn, typedTerms} from '../../../../rlft_gui/ui/components/scorers/typed.js';

test('a rule a line, each once', () => {
  assert.deepEqual(typedTerms(' gold \n\nformat:one sentence\ngold'), ['gold', 'format:one sentence']);
});

test('a judge is who is named, and an address counts only where there is a server', () => {
  assert.equal(judgeIn({...EMPTY, judge: '  ', url: 'http://h/v1'}), null);
  assert.deepEqual(judgeIn({...EMPTY, judge: ' base ', url: 'http://h/v1'}), {
    judge: 'base',
    rubric: 'default',
    url: '',
  });
  assert.deepEqual(judgeIn({...EMPTY, judge: 'endpoint:m', rubric: 'brief', url: ' http://h/v1 '}), {
    judge: 'endpoint:m',
    rubric: 'brief',
    url: 'http://h/v1',
  });
});
