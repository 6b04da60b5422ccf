// The form that launches a batch: who answers, what is asked, with how many seeds. A suite can be written
// in it.
import {card, note} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, live, nothing, repeat} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {count} from '../../components/numbers.js';

/** @typedef {import('../../payloads').AnswerChoices} AnswerChoices */
/**
 * @typedef {object} LaunchForm
 * @property {boolean} isOpen
 * @property {boolean} isBusy
 * @property {string[]} models
 * @property {string} suite
 * @property {Record<string, string>} typed
 * @property {string} rewards
 * @property {string} reward_model
 * @property {Record<string, string>} problems
 * @property {{isOpen: boolean, name: string, text: string, problem: string, repeats: number}} written
 */
/**
 * @typedef {object} Acts
 * @property {(changes: Partial<LaunchForm>) => void} change
 * @property {() => void} launch
 * @property {() => void} write
 */

/** @type {[string, string, string][]} name, title, default */
const NUMBERS = [
  ['seeds', 'Seeds', '1'],
  ['seed', 'First seed', '0'],
  ['temperature', 'Temperature', '0.7'],
  ['top_p', 'Top-p', '1'],
  ['max_new_tokens', 'Longest answer', '128'],
];
const MOST_MODELS = 8;
export const NOTHING_WRITTEN = {isOpen: false, name: '', text: '', problem: '', repeats: 0};

/** @returns {LaunchForm} */
export const emptyForm = () => ({
  isOpen: false,
  isBusy: false,
  models: ['base'],
  suite: 'lantern',
  typed: Object.fromEntries(NUMBERS.map(([name, , usual]) => [name, usual])),
  rewards: '',
  reward_model: '',
  problems: {},
  written: NOTHING_WRITTEN,
});

/** @param {string | undefined} told @param {string} name */
const problem = (told, name) =>
  html`<p class="rl-err" id=${`answers-err-${name}`} role="alert">
    ${told ? html`${icon('x')}${told}` : nothing}
  </p>`;

/** @param {LaunchForm} form @param {AnswerChoices} choices @param {Acts} acts */
function models({models, problems}, choices, {change}) {
  const known = new Map(choices.models.map(one => [one.key, one]));
  const free = choices.models.filter(one => !models.includes(one.key));
  return html`<div role="group" aria-label="Models">
    <span class="rl-lab">Models</span>
    <div class="rl-row rl-wrap">
      ${repeat(
        models,
        key => key,
        key =>
          html`<span class="rl-chip"
            ><span class="rl-meth"
              >${glyph(known.get(key)?.palette ?? 'base')}${known.get(key)?.title ?? key}</span
            ><button
              type="button"
              aria-label=${`Remove ${known.get(key)?.title ?? key}`}
              @click=${() => change({models: models.filter(one => one !== key)})}
            >
              ${icon('x')}
            </button></span
          >`,
      )}
      ${
        free.length && models.length < MOST_MODELS
          ? html`<select
              class="rl-chip rl-add"
              aria-label="Add a model"
              .value=${live('')}
              @change=${(/** @type {any} */ event) => change({models: [...models, event.target.value]})}
            >
              <option value="">Add a model</option>
              ${free.map(one => html`<option value=${one.key}>${one.title}</option>`)}
            </select>`
          : nothing
      }
    </div>
    ${problem(problems.models ?? problems.base, 'models')}
  </div>`;
}

/** @param {number} repeats */
const repeated = repeats =>
  repeats === 1
    ? 'One prompt stood there twice and is kept once.'
    : `${count(repeats, 'prompt')} stood there before and are kept once.`;

/** @param {LaunchForm} form @param {AnswerChoices} choices @param {Acts} acts */
const suite = ({suite: chosen, problems, written}, choices, {change}) =>
  html`<div class="rl-fld">
    <label for="answers-suite">Suite</label>
    <div class="rl-row rl-wrap">
      <select
        class="rl-inp"
        id="answers-suite"
        .value=${live(chosen)}
        @change=${(/** @type {any} */ event) =>
          change({suite: event.target.value, written: {...written, repeats: 0}})}
      >
        ${choices.suites.map(
          one =>
            html`<option value=${one.name} ?selected=${one.name === chosen}>
              ${one.title}, ${count(one.prompts, 'prompt')}
            </option>`,
        )}
      </select>
      ${
        written.isOpen
          ? nothing
          : button('Write prompts', () => change({written: {...written, isOpen: true, repeats: 0}}), {
              kind: 'sm',
            })
      }
    </div>
    ${written.repeats ? html`<p class="rl-help" role="status">${repeated(written.repeats)}</p>` : nothing}
    ${problem(problems.suite, 'suite')}
  </div>`;

/** @param {LaunchForm} form @param {Acts} acts */
function writing({written}, {change, write}) {
  if (!written.isOpen) return nothing;
  const set = (/** @type {Partial<LaunchForm['written']>} */ changes) =>
    change({written: {...written, ...changes}});
  return html`<div class="rl-ask rl-stack-s">
    <div class="rl-fld">
      <label for="answers-suite-name">Name of the suite</label>
      <input
        class="rl-inp"
        id="answers-suite-name"
        .value=${live(written.name)}
        @input=${(/** @type {any} */ event) => set({name: event.target.value})}
      />
    </div>
    <div class="rl-fld">
      <label for="answers-suite-text">Prompts, one a line</label>
      <textarea
        class="rl-inp"
        id="answers-suite-text"
        rows="5"
        .value=${live(written.text)}
        @input=${(/** @type {any} */ event) => set({text: event.target.value})}
      ></textarea>
      ${problem(written.problem, 'written')}
    </div>
    <div class="rl-row">
      ${button('Keep as a suite', write, {kind: 'sm'})}
      ${button('Cancel', () => set({isOpen: false, problem: ''}), {kind: 'sm'})}
      <span class="rl-xs rl-faint">Kept with your data and never trained on.</span>
    </div>
  </div>`;
}

/** @param {LaunchForm} form @param {Acts} acts */
const numbers = ({typed, problems}, {change}) =>
  html`<div class="rl-answers-numbers">
    ${NUMBERS.map(
      ([name, title]) =>
        html`<div class="rl-fld">
          <label for=${`answers-${name}`}>${title}</label>
          <input
            class="rl-inp"
            id=${`answers-${name}`}
            inputmode="decimal"
            .value=${live(typed[name] ?? '')}
            aria-describedby=${`answers-err-${name}`}
            @input=${(/** @type {any} */ event) => change({typed: {...typed, [name]: event.target.value}})}
          />
          ${problem(problems[name], name)}
        </div>`,
    )}
  </div>`;

/** A reward model by name. @param {LaunchForm} form @param {AnswerChoices} choices @param {Acts} acts */
function scorer({reward_model: chosen, problems}, {reward_models: offered}, {change}) {
  const isOffered = !chosen || offered.some(({key}) => key === chosen);
  const options = [
    ['', offered.length ? 'None' : 'None is trained yet'],
    ...offered.map(({key, title, base}) => [key, `${title}, on ${base}`]),
    ...(isOffered ? [] : [[chosen, chosen]]),
  ];
  return html`<div class="rl-fld">
    <label for="answers-rm">Score answers by a reward model</label>
    <select
      class="rl-inp"
      id="answers-rm"
      .value=${live(chosen)}
      @change=${(/** @type {any} */ event) => change({reward_model: event.target.value})}
    >
      ${options.map(
        ([key, words]) => html`<option value=${key} ?selected=${key === chosen}>${words}</option>`,
      )}
    </select>
    ${problem(problems.reward_model, 'rm')}
  </div>`;
}

/** @param {LaunchForm} form @param {AnswerChoices} choices @param {Acts} acts */
function more(form, choices, acts) {
  const {typed, rewards, problems} = form;
  const {change} = acts;
  return html`<details ?open=${Boolean(problems.rewards ?? problems.reward_model ?? problems.system)}>
    <summary>System prompt and scores</summary>
    <div class="rl-stack-s rl-answers-more">
      <div class="rl-fld">
        <label for="answers-system">System prompt</label>
        <textarea
          class="rl-inp"
          id="answers-system"
          rows="2"
          .value=${live(typed.system ?? '')}
          @input=${(/** @type {any} */ event) => change({typed: {...typed, system: event.target.value}})}
        ></textarea>
        ${problem(problems.system, 'system')}
      </div>
      <div class="rl-fld">
        <label for="answers-rewards">Score answers by, a term a line</label>
        <textarea
          class="rl-inp"
          id="answers-rewards"
          rows="2"
          .value=${live(rewards)}
          @input=${(/** @type {any} */ event) => change({rewards: event.target.value})}
        ></textarea>
        <p class="rl-help">
          As for rewards: length:1-20, format:json, exact, number. Lantern's suite always has its gold score.
        </p>
        ${problem(problems.rewards, 'rewards')}
      </div>
      ${scorer(form, choices, acts)}
    </div>
  </details>`;
}

/**
 * @param {LaunchForm} form
 * @param {AnswerChoices} choices
 * @param {Acts} acts
 */
export function launchCard(form, choices, acts) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    acts.launch();
  };
  const prompts = choices.suites.find(one => one.name === form.suite)?.prompts ?? 0;
  const answers = prompts * form.models.length * (parseInt(form.typed.seeds) || 1);
  return card(
    {title: 'New batch', sub: 'runs in the background, like any other run', id: 'answers-launch'},
    html`<form class="rl-cb rl-stack" novalidate @submit=${submit}>
      ${models(form, choices, acts)} ${suite(form, choices, acts)} ${writing(form, acts)}
      ${numbers(form, acts)} ${more(form, choices, acts)}
      ${form.problems.form ? note('bad', 'The batch was not started', form.problems.form) : nothing}
      <div class="rl-row rl-wrap">
        <button type="submit" class="rl-btn primary" id="answers-go" ?disabled=${form.isBusy}>
          Start batch
        </button>
        ${button('Close', () => acts.change({isOpen: false}))}
        <span class="rl-small rl-muted">${count(answers, 'answer')}</span>
      </div>
    </form>`,
  );
}
