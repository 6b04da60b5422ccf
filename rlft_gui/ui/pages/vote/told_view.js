// What is told once a vote is cast: who wrote what, how scores see it, and how the models stand.
import {badge} from '../../components/badge.js';
import {card} from '../../components/blocks.js';
import {address} from '../../components/address.js';
import {link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, nothing} from '../../components/html.js';
import {number, signed} from '../../components/numbers.js';
import {inWords} from '../../components/titles.js';
import {manner, reliance, remarks, soFar} from './words.js';

/** @typedef {import('../../payloads').LastVote} LastVote */
/** @typedef {import('../../payloads').ScoreBeside} ScoreBeside */
/** @typedef {import('../../payloads').StandingView} StandingView */
/** @typedef {import('../../payloads').VotedAnswer} VotedAnswer */
/** @typedef {import('./keys.js').Action} Action */
/** @typedef {import('./session.js').Session} Session */

const LEAST = 'To learn from, a tiny model wants 200 or more, a real one thousands.';
const HIDDEN = 'Who wrote what stands here after your first vote.';

/** @param {VotedAnswer} answer */
const named = ({title, palette, model}) =>
  html`<span class="rl-vote-who" title=${model}>${glyph(palette)}<b>${title}</b></span>`;

/** @param {LastVote} vote */
function sentence(vote) {
  const {outcome, chosen, points, is_good: isGood} = vote;
  const other = vote.other ? named(vote.other) : nothing;
  if (outcome === 'better')
    return html`You chose ${named(chosen)} over ${other} <span class="rl-muted">${manner(vote)}</span>`;
  if (outcome === 'tie') return html`A tie between ${named(chosen)} and ${other}`;
  if (outcome === 'both_bad') return html`Both bad: ${named(chosen)} and ${other}`;
  const given = Object.entries(points).map(([name, value]) => `${name} ${number(value)}`);
  if (outcome === 'rating') return html`You gave ${named(chosen)} ${given.join(', ')}`;
  if (outcome === 'thumb') return html`You called the answer of ${named(chosen)} ${isGood ? 'good' : 'bad'}`;
  return html`Your ${outcome} is of an answer of ${named(chosen)}`;
}

/** @param {ScoreBeside} score */
function agreement({agrees}) {
  if (agrees === null) return html`<span class="rl-faint">–</span>`;
  return agrees ? badge('good', 'check', 'yes') : badge('warn', 'x', 'no');
}

/** @param {ScoreBeside[]} scores */
const scoreTable = scores =>
  html`<table class="rl-t rl-vote-scores">
    <thead>
      <tr>
        <th scope="col">Scorer</th>
        <th scope="col" class="r">Chosen</th>
        <th scope="col" class="r">Other</th>
        <th scope="col">Agrees with you</th>
      </tr>
    </thead>
    <tbody>
      ${scores.map(
        score =>
          html`<tr>
            <td>${inWords(score.name)}</td>
            <td class="r rl-num">${signed(score.chosen, 2)}</td>
            <td class="r rl-num">${signed(score.other, 2)}</td>
            <td>${agreement(score)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

/** @param {Session} session @param {(action: Action) => void} doIt */
export function lastCard({state, canUndo}, doIt) {
  const last = state?.last;
  const undo = html`<button
    type="button"
    class="rl-btn sm"
    ?disabled=${!canUndo}
    @click=${() => doIt({do: 'undo'})}
  >
    Undo <kbd>U</kbd>
  </button>`;
  const body = last
    ? html`<p>${sentence(last)}</p>
        ${remarks(last).map(words => html`<p class="rl-muted">${words}</p>`)}
        ${last.scores.length ? scoreTable(last.scores) : nothing}`
    : html`<p class="rl-muted">${HIDDEN}</p>`;
  return card(
    {title: 'Your last vote', tools: undo, id: 'vote-last'},
    html`<div class="rl-cb rl-small rl-stack-s">${body}</div>`,
  );
}

/** The interval of the win rate, between always and never. @param {StandingView} standing */
function scale({first, second, share, low, high}) {
  const band = `left:${100 * low}%;right:${100 - 100 * high}%`;
  return html`<div class="rl-vote-scale" aria-hidden="true">
      <i class="rl-vote-band" style=${band}></i><i class="rl-vote-mark" style=${`left:${100 * share}%`}></i
      ><i class="rl-vote-even"></i>
    </div>
    <div class="rl-row rl-between rl-xs rl-faint">
      <span>${second.title} always</span><span>even</span><span>${first.title} always</span>
    </div>`;
}

/** @param {string} votes the set @param {string} account */
const train = (votes, account) =>
  html`<div class="rl-row rl-wrap">
    ${link(address('/new', {votes}), 'Train on these votes', 'rl-btn sm')}
    <span class="rl-xs rl-faint">${account} ${LEAST}</span>
  </div>`;

/** @param {Session} session */
export function soFarCard({state, votes, question}) {
  const standing = state?.standing;
  const [verdict, numbers] = standing ? soFar(standing) : ['', ''];
  const none =
    question === 'pair' ? 'Nothing was counted yet.' : 'One answer at a time says nothing of who is better.';
  const relied = state ? reliance(state.progress) : '';
  return card(
    {title: 'So far', id: 'vote-so-far'},
    html`<div class="rl-cb rl-small rl-stack-s">
      ${
        standing
          ? html`<p><b>${verdict}</b> ${numbers}</p>
              ${scale(standing)}`
          : html`<p class="rl-muted">${none}</p>`
      }
      ${relied ? html`<p class="rl-muted">${relied}</p>` : nothing}
      ${standing ? html`<p>${link(address('/ratings', {votes}), 'All ratings of this set')}</p>` : nothing}
      ${state?.votes.votes ? train(votes, state.account) : nothing}
    </div>`,
  );
}
