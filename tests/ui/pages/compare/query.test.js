import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  addressed,
  addressedMark,
  isAskedByOurs,
  wishIn,
} from '../../../../rlft_gui/ui/pages/compare/query.js';

const HERE = 'http://127.0.0.1:7860';
/** @param {string} text */
const words = text => new URLSearchParams(text);

test('an address names a comparison, or models and a prompt', () => {
  assert.deepEqual(wishIn(words('models=base,r1&prompt=Why&mark=left')), {
    comparison: '',
    models: ['base', 'r1'],
    film: '',
    prompt: 'Why',
    against: 'left',
    show: null,
  });
  assert.deepEqual(wishIn(words('comparison=c1&mark=nonsense')), {
    comparison: 'c1',
    models: [],
    film: '',
    prompt: null,
    against: 'base',
    show: null,
  });
  assert.deepEqual(wishIn(words('steps=r1&mark=pane 2&show=steps')), {
    comparison: '',
    models: [],
    film: 'r1',
    prompt: null,
    against: 'pane 2',
    show: 'steps',
  });
});

test('an emptied prompt is not the same as none', () => {
  assert.equal(wishIn(words('prompt=')).prompt, '');
});

test('only a link of our own that names models alone is answered at once', () => {
  assert.ok(isAskedByOurs(words('models=base,r1'), `${HERE}/run?run=r1`, HERE));
  assert.ok(!isAskedByOurs(words('models=base,r1&prompt=Why'), `${HERE}/compare`, HERE));
  assert.ok(isAskedByOurs(words('steps=r1'), `${HERE}/run?run=r1`, HERE));
  assert.ok(!isAskedByOurs(words('steps=r1'), 'http://elsewhere/', HERE));
  assert.ok(!isAskedByOurs(words('models=base,r1'), '', HERE));
  assert.ok(!isAskedByOurs(words('models=base,r1'), `${HERE}1/`, HERE));
  assert.ok(!isAskedByOurs(words(''), `${HERE}/`, HERE));
});

test('whoever changes the form has no comparison in the address any more', () => {
  const form = {models: ['base', 'r1'], prompt: 'Why'};
  assert.deepEqual(addressed(form, null), {
    models: 'base,r1',
    steps: null,
    prompt: 'Why',
    comparison: null,
  });
  assert.deepEqual(addressedMark('base'), {mark: null});
  assert.deepEqual(addressedMark('off'), {mark: 'off'});
});
