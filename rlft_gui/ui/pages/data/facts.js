// What one dataset is: its facts, and what people may change of them.
import {address} from '../../components/address.js';
import {button, link} from '../../components/button.js';
import {html, nothing} from '../../components/html.js';
import {bytes, count} from '../../components/numbers.js';

/** @typedef {import('../../payloads').DatasetFacts} DatasetFacts */
/** @typedef {import('./dataset.js').Shown} Shown */

/** @param {string} name @param {import('../../components/html.js').View} value */
const fact = (name, value) =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`;

/** Its rows stay as they are. @param {import('../../payloads').VotesShown} votes */
const made = ({name, counted, newer}) =>
  html`${link(address('/ratings', {votes: name}), `${name}, ${count(counted, 'vote')}`)}${
    newer
      ? html`;
        ${link(address('/new', {votes: name}), `${count(newer, 'newer vote')} since, train on all of them`)}`
      : nothing
  }`;

/** @param {DatasetFacts} facts */
export function about({id, type, format, sha256, licence, origin, ...rest}) {
  const {bytes: size, mapping, encoding, used_by: runs} = rest;
  const columns = mapping.map(([target, column]) => `${target} is ${column}`).join(', ');
  const users = runs.map(({title, address}) => html`<li>${link(address, title)}</li>`);
  return html`<dl class="rl-dl">
    ${fact('Holds', type)} ${fact('Shape', format)} ${fact('Id', html`<code>${id}</code>`)}
    ${fact('Content', html`<code title=${sha256}>${sha256.slice(0, 12)}</code>`)}
    ${size ? fact('Size', bytes(size)) : nothing} ${licence ? fact('Licence', licence) : nothing}
    ${origin ? fact('From', origin) : nothing} ${rest.votes ? fact('Votes', made(rest.votes)) : nothing}
    ${columns ? fact('Columns', columns) : nothing}
    ${rest.held_out ? fact('Held out', 'Kept to judge runs by; nothing is trained on it.') : nothing}
    ${encoding ? fact('Text was in', encoding) : nothing}
    ${fact(
      'Used by',
      users.length
        ? html`<ul>
            ${users}
          </ul>`
        : 'no run',
    )}
  </dl>`;
}

/** @param {string} words @param {string} name @param {string} value @param {number} longest */
const line = (words, name, value, longest) =>
  html`<label>${words}<input class="rl-inp" name=${name} maxlength=${longest} .value=${value} /></label>`;

const HOLD_OUT = 'Keep as held-out prompts';

/** @param {DatasetFacts} facts @param {Shown} shown */
export function naming(facts, {describe, mark, remove, asking, told, problem}) {
  const {name, licence, origin, used_by: runs} = facts;
  const kept = runs.length ? `Kept while ${count(runs.length, 'run')} use it.` : '';
  return html`<form class="rl-data-form" @submit=${describe}>
    ${line('Name', 'name', name, 80)} ${line('Licence', 'licence', licence, 300)}
    ${line('Where it is from', 'origin', origin, 300)}
    <div class="rl-row rl-wrap">
      <button type="submit" class="rl-btn">Save</button>
      ${facts.asks ? button(facts.held_out ? 'Let runs learn from it' : HOLD_OUT, mark) : nothing}
      ${button('Delete', remove, {kind: 'danger', disabled: runs.length > 0})}
      <span class="rl-small rl-muted" role="status">${told || kept}</span>
    </div>
    ${problem ? html`<p class="rl-small rl-wrong" role="alert">${problem}</p>` : nothing} ${asking}
  </form>`;
}
