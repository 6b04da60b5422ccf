// What the limit of the settings will do to the rows, in this model's tokens.
import {count, number} from '../numbers.js';

/** @typedef {import('../../payloads').LengthReport} LengthReport */

/** @param {LengthReport} report */
export function lengthsInWords(report) {
  const {max_length: limit, over, dropped, split, longest, median} = report;
  /** @param {number} rows */
  const some = rows => `${report.measured < report.total ? 'About ' : ''}${count(rows, 'row')}`;
  const said = [];
  if (over) said.push(`${some(over)} will be shortened to ${number(limit)} tokens.`);
  if (dropped) said.push(`${some(dropped)} will be dropped: the prompt alone is as long.`);
  if (split)
    said.push(`${some(split)} will be split into rows of ${number(limit)} tokens; all of each is learnt.`);
  if (!said.length) said.push(`All fit into ${number(limit)} tokens.`);
  said.push(`The longest has ${number(longest)}, half have at most ${number(median)}.`);
  return [...said, "Estimated in this model's tokens."].join(' ');
}
