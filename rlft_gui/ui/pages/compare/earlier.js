// Older comparisons, each a link to the same view.
import {address} from '../../components/address.js';
import {card} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, nothing} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {ago} from '../../components/times.js';
import {askedModels} from './earlier_words.js';

/** @typedef {import('../../payloads').EarlierComparison} EarlierComparison */

/** @param {EarlierComparison} comparison */
const row = ({id, prompt, more_prompts: more, panes, sampling, created_at: created}) =>
  html`<li>
    ${link(address('/compare', {comparison: id}), prompt, 'rl-b')}${
      more ? html`<span class="rl-faint"> and ${count(more, 'prompt')}</span>` : nothing
    }<span class="rl-row rl-wrap rl-xs rl-faint"
      >${askedModels(panes).map(
        ({palette, words}) => html`<span class="rl-meth">${glyph(palette)}${words}</span>`,
      )}<span class="rl-num">temperature ${sampling.temperature}</span
      ><span class="rl-num">seed ${sampling.seed}</span><span>${ago(Date.now() / 1000 - created)}</span></span
    >
  </li>`;

/** @param {EarlierComparison[]} comparisons */
export const earlier = comparisons =>
  card(
    {title: 'Earlier comparisons', id: 'compare-earlier'},
    html`<ul class="rl-recent">
      ${comparisons.map(row)}
    </ul>`,
  );
