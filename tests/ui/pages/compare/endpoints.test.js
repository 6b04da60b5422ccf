import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  endpointLabel,
  endpointParts,
  endpointModel,
  endpointProblem,
  keepEndpoints,
  knownEndpoints,
  trusted,
} from '../../../../rlft_gui/ui/pages/compare/endpoints.js';

const MODEL = 'endpoint:llama3@http://127.0.0.1:11434/v1';

/** @returns {any} */
function storage() {
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  };
}

test('a model behind an address is named by both, and shown by its host', () => {
  assert.equal(endpointModel(' llama3 ', 'http://127.0.0.1:11434/v1/ '), MODEL);
  assert.equal(endpointLabel(MODEL), 'llama3 at 127.0.0.1:11434');
});

test('a model behind an address is taken apart as it was put together', () => {
  assert.deepEqual(endpointParts(MODEL), {name: 'llama3', url: 'http://127.0.0.1:11434/v1'});
  assert.deepEqual(endpointParts('endpoint:m@ftp://host'), {name: '', url: ''});
});

test('what cannot be an address is told in a sentence', () => {
  assert.equal(endpointProblem('m', 'https://host/v1'), '');
  assert.match(endpointProblem('', 'https://host/v1'), /has no name/);
  assert.match(endpointProblem('m', ''), /The address is empty/);
  assert.match(endpointProblem('m', 'ftp://host'), /"ftp:\/\/host"/);
  assert.match(endpointProblem('m', 'http://user:key@host/v1'), /It begins with/);
});

test('a stranger’s link adds no address that nobody typed here', () => {
  const kept = storage();
  assert.deepEqual(trusted(['base', MODEL], knownEndpoints(kept)).models, ['base']);
  assert.match(trusted([MODEL], []).problem, /llama3 at 127.0.0.1:11434, which nobody added/);
  keepEndpoints(kept, ['base', MODEL]);
  assert.deepEqual(trusted(['base', MODEL], knownEndpoints(kept)), {
    models: ['base', MODEL],
    strange: [],
    problem: '',
  });
});

test('what another program left in the storage is no address', () => {
  const kept = storage();
  kept.setItem('rl-endpoints', '{"no": "list"}');
  assert.deepEqual(knownEndpoints(kept), []);
  kept.setItem('rl-endpoints', 'no JSON');
  assert.deepEqual(knownEndpoints(kept), []);
});
