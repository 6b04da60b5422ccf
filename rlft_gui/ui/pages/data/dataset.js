// One dataset: what it is, what may be wrong with it, who uses it, and its rows by page and search.
import {card, note, skeleton} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {createRef, html, nothing, ref, render} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {pageTitle} from '../../components/page_title.js';
import {ask} from '../../components/question.js';
import {account} from '../../components/rows/account.js';
import {checks} from '../../components/rows/checks.js';
import {about, naming} from './facts.js';
import {Rows, rowsCard} from './rows.js';
import {Split, splitForm} from './split.js';

/** @typedef {import('../../payloads').DatasetFacts} DatasetFacts */
/** @typedef {import('../../payloads').Server} Server */
/**
 * @typedef {object} Shown
 * @property {DatasetFacts | null} facts null while they are fetched
 * @property {string} problem why there are none, or why something could not be done
 * @property {string} told what was done
 * @property {Rows} rows
 * @property {Split} split
 * @property {import('../../components/html.js').View} asking where questions are asked
 * @property {(way: string) => Promise<void>} convert
 * @property {(event: Event) => void} describe
 * @property {() => void} mark as held-out prompts, or takes the mark off
 * @property {() => void} remove
 */

/** @param {DatasetFacts} facts @param {Shown} shown */
function ways({ways, asks, held_out: isHeldOut}, {convert, split}) {
  const canSplit = asks && !isHeldOut;
  if (!ways.length && !canSplit) return nothing;
  return html`<h3 class="rl-small">Make other rows of it</h3>
    ${ways.map(
      ({name, title, about}) =>
        html`<p class="rl-small rl-way-offer">
          ${button(title, () => convert(name), {kind: 'sm'})} ${about}
        </p>`,
    )}
    ${canSplit ? splitForm(split) : nothing}`;
}

/** @param {DatasetFacts} facts @param {Shown} shown */
const contents = (facts, shown) =>
  html`<div class="rl-data-head">
      ${card({title: 'What it holds', id: 'holds'}, html`<div class="rl-cb">${about(facts)}</div>`)}
      ${
        facts.is_own
          ? card(
              {title: 'Name and source', id: 'named'},
              html`<div class="rl-cb">${naming(facts, shown)}</div>`,
            )
          : nothing
      }
    </div>
    ${card(
      {title: 'Its rows on the whole', id: 'whole'},
      html`<div class="rl-cb rl-stack-s">
        ${account(facts)} ${checks(facts.checks, facts.rows, shown.convert)} ${ways(facts, shown)}
        ${shown.problem && !facts.is_own ? html`<p class="rl-small rl-wrong">${shown.problem}</p>` : nothing}
      </div>`,
    )}
    ${rowsCard(shown.rows)}`;

/** @param {Shown} shown */
function view(shown) {
  const {facts, problem} = shown;
  const crumb = link('/data', 'Data');
  if (!facts) {
    const body = problem ? note('bad', 'This dataset cannot be shown', problem) : skeleton(92, 84, 60);
    return html`<div class="rl-stack">
      ${pageTitle({title: 'Dataset', crumb})}
      <div>${body}</div>
    </div>`;
  }
  const text = `${facts.type[0].toUpperCase()}${facts.type.slice(1)}, ${count(facts.rows, 'row')}`;
  return html`<div class="rl-stack">
    ${pageTitle({title: facts.called, text, crumb})} ${contents(facts, shown)}
  </div>`;
}

/** @param {HTMLElement} root @param {Server} server @param {string} id */
export function openDataset(root, server, id) {
  const place = createRef();
  const asking = html`<div ${ref(place)}></div>`;
  /** @type {Pick<Shown, 'facts' | 'problem' | 'told'>} */
  let state = {facts: null, problem: '', told: ''};
  const rows = new Rows(server, id, () => draw());
  const split = new Split(server, id, () => draw());

  const draw = () => render(view({...state, rows, split, asking, convert, describe, mark, remove}), root);
  /** @param {Partial<typeof state>} changed */
  const say = changed => {
    state = {...state, problem: '', told: '', ...changed};
    draw();
  };
  /** @param {unknown} error */
  const fail = error => say({problem: sentence(error)});
  /** @param {string} [told] */
  const look = told => call(server.dataset, {id}).then(facts => say({facts, told}), fail);

  /** @param {string} way */
  const convert = way =>
    call(server.convert, {way, dataset: id, upload: ''}).then(
      ({dataset}) => location.assign(`/data?id=${encodeURIComponent(dataset)}`),
      fail,
    );
  /** @param {Event} event */
  const describe = event => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const [name, licence, origin] = ['name', 'licence', 'origin'].map(key => String(form.get(key) ?? ''));
    void call(server.describe, {id, name, licence, origin}).then(() => look('Saved.'), fail);
  };
  const mark = () => {
    const isMarked = !state.facts?.held_out;
    const told = isMarked ? 'Kept as held-out prompts.' : 'Runs may learn from it.';
    void call(server.mark_dataset, {id, held_out: isMarked}).then(() => look(told), fail);
  };
  const remove = () =>
    void ask(/** @type {HTMLElement} */ (place.value), {
      title: `Delete ${state.facts?.called ?? 'this dataset'}?`,
      text: 'Its rows are gone for good. The file that you added stays where it is.',
      yes: 'Delete',
      no: 'Keep it',
      act: async () => {
        await call(server.delete_dataset, {id});
        location.assign('/data');
      },
    });
  draw();
  void look();
  rows.look();
}
