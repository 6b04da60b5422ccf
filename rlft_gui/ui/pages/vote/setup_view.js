// How a person says who votes, and on what.
import {card, empty} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, live, nothing} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {segment} from '../../components/segment.js';
import {ORDERS, QUESTIONS} from './words.js';

/** @typedef {import('../../payloads').VoteSetView} VoteSetView */
/** @typedef {import('./setup.js').Setup} Setup */
/** @typedef {{target: HTMLInputElement}} Typed */

const NOTHING_YET =
  'Compare two models on some prompts, or train two runs: their answers can be judged here afterwards.';
const RUBRIC = 'What raters are to look at. It stays as it is for all votes of this set.';
const SEVERAL = 'To so many people it is shown. From two on, agreement between them can be told.';
const MOST_RATERS = 20;

/** @param {Setup} setup */
const nameField = ({rater, name}) =>
  html`<div class="rl-fld rl-vote-name">
    <label for="vote-rater">Your name</label>
    <input
      class="rl-inp short"
      id="vote-rater"
      autocomplete="name"
      maxlength="80"
      .value=${live(rater)}
      @input=${(/** @type {Typed} */ {target}) => name(target.value)}
    />
    <div class="rl-help">Your votes stand under it. This browser remembers it.</div>
  </div>`;

/** @param {VoteSetView} votes @param {Setup} setup */
const setRow = (votes, {goOn, wanted}) =>
  html`<li class="rl-row rl-between rl-wrap">
    <span
      ><b>${votes.name}</b
      ><span class="rl-xs rl-faint rl-vote-facts"
        ><span>${count(votes.votes, 'vote')}</span
        ><span>${votes.waiting ? `${count(votes.waiting, 'question')} wait` : 'nothing waits'}</span></span
      ></span
    >${button('Go on', () => goOn(votes.name), {kind: votes.name === wanted ? 'primary' : 'sm'})}
  </li>`;

/** @param {Setup} setup */
function sets(setup) {
  const known = setup.choices?.sets ?? [];
  if (!known.length) return nothing;
  const first = known.filter(({name}) => name === setup.wanted);
  const others = known.filter(({name}) => name !== setup.wanted);
  return card(
    {title: 'Go on with a set', id: 'vote-sets'},
    html`<ul class="rl-recent">
      ${[...first, ...others].map(votes => setRow(votes, setup))}
    </ul>`,
  );
}

/**
 * @param {string} id
 * @param {string} label
 * @param {string} value
 * @param {[string, string][]} options
 * @param {(value: string) => void} choose
 */
const select = (id, label, value, options, choose) =>
  html`<div class="rl-fld">
    <label for=${id}>${label}</label
    ><select
      class="rl-inp"
      id=${id}
      .value=${live(value)}
      @change=${(/** @type {Typed} */ {target}) => choose(target.value)}
    >
      ${options.map(([key, name]) => html`<option value=${key} ?selected=${key === value}>${name}</option>`)}
    </select>
  </div>`;

/**
 * @param {string} id
 * @param {string} label
 * @param {string} value
 * @param {string} help
 * @param {(value: string) => void} type
 * @param {number} rows
 */
const area = (id, label, value, help, type, rows) =>
  html`<div class="rl-fld">
    <label for=${id}>${label}</label
    ><textarea
      class="rl-inp"
      id=${id}
      rows=${rows}
      .value=${live(value)}
      @input=${(/** @type {Typed} */ {target}) => type(target.value)}
    ></textarea>
    <div class="rl-help">${help}</div>
  </div>`;

/** @param {Setup} setup */
function sources({choices, draft, change}) {
  const {comparisons = [], runs = []} = choices ?? {};
  if (draft.from === 'comparison') {
    /** @type {[string, string][]} */
    const options = comparisons.map(one => [
      one.id,
      `${one.prompt.slice(0, 70)} (${count(one.prompts, 'prompt')}, ${count(one.models, 'model')})`,
    ]);
    return select('vote-comparison', 'Comparison', draft.comparison, options, comparison =>
      change({comparison}),
    );
  }
  /** @param {string} id */
  const turn = id =>
    change({runs: draft.runs.includes(id) ? draft.runs.filter(one => one !== id) : [...draft.runs, id]});
  return html`<fieldset class="rl-fld">
    <legend class="rl-lab">Runs, joined by the prompts that they share</legend>
    <div class="rl-vote-runs">
      ${runs.map(
        ({id, title, palette}) =>
          html`<label
            ><input type="checkbox" .checked=${live(draft.runs.includes(id))} @change=${() => turn(id)} />
            <span class="rl-meth">${glyph(palette)}${title}</span></label
          >`,
      )}
    </div>
  </fieldset>`;
}

/** @param {Setup} setup */
function from({choices, draft, change}) {
  if (!choices?.comparisons.length || !choices.runs.length) return nothing;
  return html`<div>
    <span class="rl-lab">Answers of</span>${segment(
      {
        label: 'Answers of',
        name: 'rl-vote-from',
        value: draft.from,
        options: [
          ['comparison', 'A comparison'],
          ['runs', 'Runs: their newest held-out answers'],
        ],
      },
      chosen => change({from: /** @type {'comparison' | 'runs'} */ (chosen)}),
    )}
  </div>`;
}

/** @param {Setup} setup */
const finer = ({draft, change, proposedName}) =>
  html`<details>
    <summary>Order, raters, rubric, name</summary>
    <div class="rl-vote-grid">
      ${
        draft.question === 'pair'
          ? select('vote-order', 'Which pairs first', draft.order, Object.entries(ORDERS), order =>
              change({order: /** @type {typeof draft.order} */ (order)}),
            )
          : nothing
      }
      <div class="rl-fld">
        <label for="vote-raters">${draft.question === 'pair' ? 'People a pair' : 'People an answer'}</label
        ><input
          class="rl-inp"
          id="vote-raters"
          type="number"
          min="1"
          max=${MOST_RATERS}
          .value=${live(String(draft.raters))}
          @change=${(/** @type {Typed} */ {target}) => change({raters: raters(target.value)})}
        />
        <div class="rl-help">${SEVERAL}</div>
      </div>
      <div class="rl-fld">
        <label for="vote-set-name">Name of the set</label
        ><input
          class="rl-inp"
          id="vote-set-name"
          maxlength="74"
          placeholder=${proposedName}
          .value=${live(draft.name)}
          @input=${(/** @type {Typed} */ {target}) => change({name: target.value})}
        />
      </div>
      ${area('vote-rubric', 'Rubric', draft.rubric, RUBRIC, rubric => change({rubric}), 3)}
    </div>
  </details>`;

/** @param {string} typed */
const raters = typed => Math.min(MOST_RATERS, Math.max(1, Math.round(Number(typed)) || 1));

/** @param {Setup} setup */
function form(setup) {
  const {draft, change, make, isBusy, wanted} = setup;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void make();
  };
  return html`<form class="rl-cb rl-stack" novalidate @submit=${submit}>
    ${select('vote-question', 'What is asked', draft.question, QUESTIONS, question =>
      change({question: /** @type {typeof draft.question} */ (question)}),
    )}
    ${
      draft.question === 'attributes'
        ? area(
            'vote-attributes',
            'Attributes',
            draft.attributes,
            'One a line.',
            attributes => change({attributes}),
            5,
          )
        : nothing
    }
    ${from(setup)} ${sources(setup)} ${finer(setup)}
    <div>
      <button type="submit" class=${`rl-btn ${wanted ? '' : 'primary'}`} ?disabled=${isBusy}>
        Start voting
      </button>
    </div>
  </form>`;
}

/** @param {Setup} setup */
export function setupView(setup) {
  const {choices, problem} = setup;
  const hasAny = choices && (choices.comparisons.length || choices.runs.length);
  return html`<div class="rl-stack">
    ${nameField(setup)}
    <div class="rl-small rl-wrong" role="alert">${problem}</div>
    ${sets(setup)}
    ${
      hasAny
        ? card({title: 'Judge something new', id: 'vote-new'}, form(setup))
        : card(
            {title: 'Judge something new', id: 'vote-new'},
            empty('There are no answers yet', NOTHING_YET, link('/compare', 'Compare answers', 'rl-btn')),
          )
    }
  </div>`;
}
