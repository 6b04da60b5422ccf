// What is chosen on the method step, as far as the browser knows without asking.

/** @typedef {import('../../payloads').MethodCard} MethodCard */
/** @typedef {import('../../payloads').MethodStep} MethodStep */

/**
 * Another method, as it is proposed. A run that is continued has had its warm-up.
 * @param {MethodCard} method
 * @param {boolean} isContinued
 */
export const choiceOf = (method, isContinued) => ({
  method: method.name,
  options: {},
  review: false,
  skip: isContinued ? method.warm_ups : [],
});

/**
 * The stages left out, once one is put in or left out.
 * @param {readonly string[]} skip
 * @param {string} name
 * @param {boolean} isIn
 */
export const skipping = (skip, name, isIn) =>
  isIn ? skip.filter(skipped => skipped !== name) : [...skip, name];
