// Answers that wait for somebody to judge them.
import {address} from '../../components/address.js';
import {card} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {html, nothing} from '../../components/html.js';
import {count} from '../../components/numbers.js';

/** @param {import('../../payloads').WaitingVotes[]} [waiting] */
export const waitingVotes = (waiting = []) =>
  waiting.length
    ? card(
        {title: 'Waiting votes', id: 'home-votes'},
        html`<ul class="rl-recent">
          ${waiting.map(
            one =>
              html`<li class="rl-row rl-between">
                <span>${link(address('/vote', {votes: one.name}), one.name)}</span
                ><span class="rl-num rl-faint">${count(one.waiting, 'question')}</span>
              </li>`,
          )}
        </ul>`,
      )
    : nothing;
