// Which of several seeds all panes show.
import {html, live, nothing} from '../../components/html.js';
import {segment} from '../../components/segment.js';
import {drawShown, seedsOf} from './draws.js';

/** @typedef {import('../../payloads').Comparison} Comparison */

const MOST_BESIDE = 6; // more, or longer ones, would not fit beside each other on a phone
const MOST_DIGITS = 24;

/** @param {[number, number][]} seeds */
const fit = seeds =>
  seeds.length <= MOST_BESIDE && seeds.map(([, seed]) => seed).join('').length <= MOST_DIGITS;

/** @param {[string, string][]} options @param {string} value @param {(chosen: string) => void} choose */
const list = (options, value, choose) =>
  html`<select
    class="rl-inp sm"
    aria-label="Seed"
    @change=${(/** @type {{target: HTMLSelectElement}} */ {target}) => choose(target.value)}
  >
    ${options.map(
      ([key, words]) => html`<option value=${key} .selected=${live(key === value)}>${words}</option>`,
    )}
  </select>`;

/**
 * @param {Comparison} comparison
 * @param {import('./draws.js').Shown} shown
 * @param {(draw: number) => void} choose
 */
export function seedChoice(comparison, shown, choose) {
  const seeds = seedsOf(comparison);
  if (seeds.length < 2) return nothing;
  const options = seeds.map(([draw, seed]) => /** @type {[string, string]} */ ([String(draw), String(seed)]));
  const value = String(drawShown(comparison, shown));
  const chosen = (/** @type {string} */ draw) => choose(Number(draw));
  return html`<span
    ><span class="rl-k">Seed</span>${
      fit(seeds)
        ? segment({label: 'Seed', name: 'rl-compare-seed', value, options}, chosen)
        : list(options, value, chosen)
    }</span
  >`;
}
