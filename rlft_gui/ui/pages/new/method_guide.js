// The table that helps to choose: what somebody has, and what to take then.
import {card} from '../../components/blocks.js';
import {glyph} from '../../components/glyph.js';
import {html} from '../../components/html.js';

/** @typedef {import('../../payloads').MethodCard} MethodCard */

/** @param {MethodCard} method */
const row = method =>
  html`<tr>
    <td>${method.you_have}</td>
    <td class="rl-nw"><span class="rl-meth">${glyph(method.palette)}${method.title}</span></td>
  </tr>`;

/** @param {readonly MethodCard[]} methods */
export const methodGuide = methods =>
  card(
    {title: 'Which one should I use?', id: 'method-guide'},
    html`<table class="rl-t">
      <thead>
        <tr>
          <th scope="col">You have</th>
          <th scope="col">Take</th>
        </tr>
      </thead>
      <tbody>
        ${methods.map(row)}
      </tbody>
    </table>`,
  );
