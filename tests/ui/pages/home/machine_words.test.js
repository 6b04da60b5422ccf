import assert from 'node:assert/strict';
import {test} from 'node:test';
import {factsOf, heldBy} from '../../../../rlft_gui/ui/pages/home/machine_words.js';

const MACHINE = {
  cpu_count: 2,
  cpu_percent: 41.2,
  memory_used: 3.1e9,
  memory_total: 25e9,
  gpus: /** @type {string[]} */ ([]),
  disk_free: 77e9,
};
const GPU = {index: 0, name: 'NVIDIA H100', memory_used: 30e9, memory_total: 80e9, percent: 63, held: {}};

test('without a GPU it is processor, memory and disk', () => {
  assert.deepEqual(factsOf({machine: MACHINE, gpus: [], held: []}), [
    ['Processor', '2 cores, 41 % busy'],
    ['Memory', '3.1 of 25 GB'],
    ['GPU', 'none found'],
    ['Disk', '77 GB free'],
  ]);
});

test('a GPU of which the driver tells says its memory and load, one without only its name', () => {
  const machine = {...MACHINE, gpus: ['NVIDIA H100']};
  const told = factsOf({machine, gpus: [GPU, {...GPU, index: 1, percent: null}], held: []});
  assert.deepEqual(told.slice(2, 6), [
    ['GPU 0', 'NVIDIA H100'],
    ['', '30 of 80 GB, 63 % busy'],
    ['GPU 1', 'NVIDIA H100'],
    ['', '30 of 80 GB'],
  ]);
  assert.deepEqual(factsOf({machine, gpus: [], held: []})[2], ['GPU', 'NVIDIA H100']);
});

test('a run holds memory, and parts of GPUs', () => {
  const holder = {run: 'sft-1', title: 'SFT', stage: 'sft', memory: 9.1e8, gpus: {0: 5e9}};
  assert.equal(heldBy({...holder, gpus: {}}), '910.0 MB');
  assert.equal(heldBy({...holder, memory: 0}), 'starting');
  assert.equal(heldBy(holder), '910.0 MB, 5.0 GB of GPU 0');
});
