// What is said of the machine. No nodes here.
import {bytes, count, percent} from '../../components/numbers.js';

/** @typedef {import('../../payloads').Devices} Devices */

const GB = 1e9;

/** @param {number} size */
const gigabytes = size => (size / GB).toFixed(size < 10 * GB ? 1 : 0);
/** @param {number} used @param {number} total */
const share = (used, total) => `${gigabytes(used)} of ${gigabytes(total)} GB`;

/**
 * Names and values. Where the driver tells nothing of a GPU, its name alone.
 * @param {Devices} devices
 * @returns {[string, string][]}
 */
export function factsOf({machine, gpus}) {
  /** @type {[string, string][]} */
  const named = machine.gpus.map((name, at) => [machine.gpus.length > 1 ? `GPU ${at}` : 'GPU', name]);
  const told = gpus.flatMap(gpuFacts);
  return [
    ['Processor', `${count(machine.cpu_count, 'core')}, ${percent(machine.cpu_percent)} busy`],
    ['Memory', share(machine.memory_used, machine.memory_total)],
    ...(told.length
      ? told
      : named.length
        ? named
        : [/** @type {[string, string]} */ (['GPU', 'none found'])]),
    ['Disk', `${gigabytes(machine.disk_free)} GB free`],
  ];
}

/**
 * @param {Devices['gpus'][number]} gpu
 * @returns {[string, string][]}
 */
function gpuFacts({index, name, memory_used, memory_total, percent: busy}) {
  const load = busy === null ? '' : `, ${percent(busy)} busy`;
  return [
    [`GPU ${index}`, name],
    ['', `${share(memory_used, memory_total)}${load}`],
  ];
}

/** @param {Devices['held'][number]} holder */
export function heldBy({memory, gpus}) {
  if (!memory) return 'starting';
  const ofGpus = Object.entries(gpus).map(([index, size]) => `${bytes(size)} of GPU ${index}`);
  return [bytes(memory), ...ofGpus].join(', ');
}
