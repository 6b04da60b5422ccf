import assert from 'node:assert/strict';
import {test} from 'node:test';
import {layoutOf} from '../../../../rlft_gui/ui/components/chart/layout.js';
import {SIZES} from '../../../../rlft_gui/ui/components/chart/view.js';

const SETTING = {color: () => '#000000', width: 400, isLabelled: false, isTouched: false};

/** @param {string} axis */
const xaxis = axis =>
  layoutOf(
    /** @type {any} */ ({axis, last: 20_000, zoom: null, size: SIZES.main, alarms: [], info: {unit: ''}}),
    SETTING,
    [0, 1],
  ).xaxis;

test('the first number of an axis says what is counted, and thousands are on every one', () => {
  assert.deepEqual(
    ['step', 'tokens', 'kl'].map(axis => xaxis(axis).tickprefix),
    ['step ', 'tokens ', ''],
  );
  assert.equal(xaxis('tokens').showexponent, 'all', 'or it goes by the prefix');
});
