// A name with what is known under it, in a list of facts.
import {html} from '../../components/html.js';

/** @param {string} name @param {import('../../components/html.js').View} value */
export const fact = (name, value) =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`;
