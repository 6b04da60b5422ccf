// Ratings of a set of votes. Which set, baseline and raters: the address says.
import {address, asked, remember} from '../../components/address.js';
import {card, empty, note, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {html, live, nothing, render} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {pageTitle} from '../../components/page_title.js';
import {segment} from '../../components/segment.js';
import {criteria, kinds, raters} from './details.js';
import {judges} from './judges.js';
import {Judging} from './judging.js';
import {PLACE, judgingCard} from './judging_view.js';
import {isAtWork} from './judging_words.js';
import {models} from './models.js';

/** @typedef {import('../../payloads').RatingsShown} RatingsShown */
/** @typedef {import('../../payloads').RatingsAsked} RatingsAsked */
/** @typedef {import('../../payloads').Ratings} Ratings */
/** @typedef {import('../../payloads').JudgesStanding} JudgesStanding */
/** @typedef {Required<RatingsAsked>} Query */
/** @typedef {(changes: Partial<Query>) => void} Change */

const TITLE = 'Ratings';
const NEWEST = link('/ratings', 'Show the newest votes');
/** @type {[string, string][]} */
const KINDS = [
  ['person', 'People'],
  ['judge', 'Judges'],
  ['simulated', 'Simulated'],
];

/** @returns {Query} */
function queryIn() {
  const words = asked();
  const who = words.get('raters') ?? '';
  return {
    votes: words.get('votes') ?? '',
    baseline: words.get('baseline') ?? '',
    raters: /** @type {Query['raters']} */ (['person', 'judge', 'simulated', 'all'].includes(who) ? who : ''),
  };
}

/** @param {string | null} votes */
const acts = votes =>
  votes === null
    ? nothing
    : html`${link(address('/vote', {votes}), 'Vote', 'rl-btn')}
      ${link(address('/new', {votes}), 'Train on these votes', 'rl-btn primary')}`;

/**
 * @param {string} id
 * @param {string} words
 * @param {[string, string][]} options value and words
 * @param {string} value
 * @param {(value: string) => void} choose
 */
const picker = (id, words, options, value, choose) =>
  html`<span
    ><label class="rl-k" for=${id}>${words}</label
    ><select
      class="rl-inp"
      id=${id}
      @change=${(/** @type {Event & {currentTarget: HTMLSelectElement}} */ event) =>
        choose(event.currentTarget.value)}
    >
      ${options.map(
        ([key, shown]) => html`<option value=${key} .selected=${live(key === value)}>${shown}</option>`,
      )}
    </select></span
  >`;

/** @param {Ratings} ratings @param {Change} change */
function whose(ratings, change) {
  const there = KINDS.filter(([kind]) => ratings.kinds_of_raters[kind]);
  if (there.length < 2) return nothing;
  const field = {
    label: 'Whose votes',
    name: 'rl-ratings-raters',
    value: ratings.counted,
    options: /** @type {[string, string][]} */ ([...there, ['all', 'All']]),
  };
  return segment(field, who => change({raters: /** @type {Query['raters']} */ (who)}));
}

/** @param {RatingsShown} shown @param {Ratings} ratings @param {Change} change */
function tools({sets, note: about}, ratings, change) {
  const names = ratings.models.map(({name, title}) => /** @type {[string, string]} */ ([name, title]));
  const pick = (/** @type {string} */ baseline) => change({baseline});
  const first = ratings.models.find(({island}) => island === 0)?.baseline ?? '';
  return html`<section class="rl-card rl-cb" aria-label="Which votes">
    <div class="rl-tools">
      ${picker(
        'ratings-set',
        'Votes',
        sets.map(({name, votes}) => [name, `${name} (${count(votes, 'vote')})`]),
        ratings.votes ?? '',
        votes => change({votes, baseline: '', raters: ''}),
      )}
      ${names.length ? picker('ratings-baseline', 'Baseline', names, first, pick) : nothing}
      ${whose(ratings, change)}
    </div>
    ${ratings.account ? html`<p class="rl-small rl-muted rl-set-note">${ratings.account}</p>` : nothing}
    ${about ? html`<p class="rl-xs rl-faint rl-set-note">${about}</p>` : nothing}
  </section>`;
}

/** @param {string[]} warnings */
const warned = warnings =>
  warnings.length
    ? note(
        'warn',
        warnings.length > 1 ? 'Before you trust these numbers' : 'Before you trust this',
        html`${warnings.map(words => html`<span class="rl-warning">${words}</span>`)}`,
      )
    : nothing;

const none = () =>
  card(
    {title: 'Votes', id: 'votes'},
    empty(
      'No votes yet',
      'Judge answers side by side, or bring verdicts of another tool: rlft votes import FILE.',
      link('/vote', 'Vote', 'rl-btn sm'),
    ),
  );

/**
 * @param {RatingsShown} shown
 * @param {JudgesStanding | null} standing
 * @param {Judging} judging
 * @param {Change} change
 */
function body(shown, standing, judging, change) {
  const {ratings} = shown;
  if (!ratings) return none();
  return html`${tools(shown, ratings, change)} ${warned(ratings.warnings)} ${models(ratings)}
  ${kinds(ratings)} ${criteria(ratings)} ${raters(ratings)} ${judges(standing, judging.share)}
  ${judgingCard(judging)}`;
}

/**
 * @param {RatingsShown | null} shown
 * @param {JudgesStanding | null} standing
 * @param {Judging} judging
 * @param {string} problem
 * @param {Change} change
 */
function view(shown, standing, judging, problem, change) {
  const ratings = shown?.ratings ?? null;
  const text =
    ratings?.headline.replaceAll(' %', '\u00a0%') ??
    'Which model people and judges like better, and how sure that is.';
  return html`<div class="rl-stack">
    ${pageTitle({title: TITLE, text, acts: acts(ratings && (ratings.votes ?? ''))})}
    ${problem ? note('bad', 'The ratings cannot be shown', problem, NEWEST) : nothing}
    ${shown ? body(shown, standing, judging, change) : problem ? nothing : skeleton(92, 84, 60)}
  </div>`;
}

/** What the address leads to came after the browser looked for it. @param {Judging} judging */
function reach(judging) {
  if (location.hash !== `#${PLACE}`) return;
  if (!isAtWork(judging.work)) void judging.open();
  document.getElementById(PLACE)?.scrollIntoView({block: 'center'});
}

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  let query = queryIn();
  /** @type {RatingsShown | null} */
  let shown = null;
  /** @type {JudgesStanding | null} */
  let standing = null;
  let asking = 0;
  /** @type {Change} */
  const change = changes => {
    query = {...query, ...changes};
    remember(query);
    ask();
  };
  const draw = (problem = '') => render(view(shown, standing, judging, problem, change), root);
  const judging = new Judging({root, server, draw, rate: ask});
  function ask() {
    const mine = ++asking; // an answer to an earlier choice that comes late is not drawn
    call(server.ratings, query).then(
      found => {
        if (mine !== asking) return;
        if (found.ratings?.votes !== shown?.ratings?.votes) standing = null;
        const isFirst = !shown;
        shown = found;
        judging.show(found.ratings?.votes ?? '', found.work);
        draw();
        askJudges(mine);
        if (isFirst && found.ratings) reach(judging);
      },
      error => mine === asking && draw(sentence(error)),
    );
  }
  /** @param {number} mine */
  function askJudges(mine) {
    const ratings = shown?.ratings;
    if (!ratings?.votes || !ratings.kinds_of_raters.judge) return;
    call(server.judges, {votes: ratings.votes}).then(
      found => {
        if (mine !== asking) return;
        standing = found;
        draw();
      },
      error => mine === asking && draw(sentence(error)),
    );
  }
  draw();
  ask();
  return nothing;
}
