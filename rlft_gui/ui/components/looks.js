// How methods look, as their declarations say: Python puts it into the head of every page.

/** @typedef {{key: string, light: string, dark: string, shape: string, symbol: string}} Look */

const told = typeof document === 'undefined' ? null : document.getElementById('rl-looks')?.textContent;

/** @type {Record<string, Look>} by palette key */
const LOOKS = JSON.parse(told ?? '{}');

/**
 * The look of that key; one that this version does not know looks like a base model.
 * @param {string} palette
 */
export const lookOf = palette => LOOKS[palette] ?? LOOKS.base;
