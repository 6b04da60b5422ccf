import assert from 'node:assert/strict';
import {test} from 'node:test';
import {OnItsWay} from '../../../../rlft_gui/ui/components/adding/on_its_way.js';

/** @param {unknown} value */
function place(value) {
  const props = {value: JSON.stringify(value)};
  return {props, onItsWay: new OnItsWay(props, () => value), told: () => JSON.parse(props.value)};
}

test('what is on its way is told until it is there, then what was shown before', () => {
  const {onItsWay, told} = place({types: [], id: 'd-1'});
  onItsWay.begin('file', 'a.csv');
  assert.deepEqual(told(), {on_its_way: 'a.csv'});
  onItsWay.begin('rows', 'b.csv');
  onItsWay.end('file');
  assert.deepEqual(told(), {on_its_way: 'b.csv'});
  onItsWay.end('rows');
  assert.deepEqual(told(), {types: [], id: 'd-1'});
});

test('what Python has answered meanwhile stays', () => {
  const {props, onItsWay, told} = place({types: [], id: 'd-1'});
  onItsWay.begin('file', 'a.csv');
  props.value = '{"types":[],"id":"d-2"}';
  onItsWay.end('file');
  assert.equal(told().id, 'd-2');
  onItsWay.end('file');
  assert.equal(told().id, 'd-2');
});

test('an answer to something else does not open the way', () => {
  const {props, onItsWay, told} = place(null);
  onItsWay.begin('rows', 'a.csv');
  props.value = '{"types":[],"id":"d-2"}';
  onItsWay.tell();
  assert.deepEqual(told(), {on_its_way: 'a.csv'});
});
