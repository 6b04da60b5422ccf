// Answers: what models wrote to the same prompts, across runs; and the form that launches a batch.
import {address, asked, remember} from '../../components/address.js';
import {empty, note, progress, skeleton} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {pageTitle} from '../../components/page_title.js';
import {poll} from '../../components/poll.js';
import {runAddress, runLink} from '../../components/run_link.js';
import {batchChoice} from './batches.js';
import {NOTHING_WRITTEN, emptyForm, launchCard} from './launch.js';
import {overviewCards} from './overview.js';
import {addressed, queryIn} from './query.js';
import {heads, table} from './table.js';
import {adder, tools} from './tools.js';

/** @typedef {import('../../payloads').AnswersPage} AnswersPage */
/** @typedef {import('../../payloads').AnswersOverview} AnswersOverview */
/** @typedef {import('../../payloads').AnswerChoices} AnswerChoices */
/** @typedef {import('../../payloads').RunCard} RunCard */
/** @typedef {import('./query.js').Query} Query */

const PAUSE = 250; // ms after a letter
const WHILE_LIVE = 2000;
const WHILE_IDLE = 15_000;

/** @param {AnswersPage | null} page */
function told(page) {
  if (!page?.columns.length) return 'A row a prompt, a column a model: batches, and what probes wrote.';
  const failed = page.failed ? ` ${count(page.failed, 'answer')} failed and say why.` : '';
  return `${count(page.all, 'prompt')}, ${count(page.columns.length, 'model')}.${failed}`;
}

/** @param {RunCard} run */
function source(run) {
  if (run.live || run.status === 'queued')
    return html`<div class="rl-answers-live">
      <span class="rl-small"
        >${runLink(run)} ${run.status}: ${run.step} of ${run.total_steps ?? '…'} answers.
        ${run.status === 'queued' ? run.reason : nothing}</span
      >
      ${progress(run.percent, `${run.title} is answered`)}
    </div>`;
  if (run.status === 'succeeded') return nothing;
  return note(
    'warn',
    `${run.title} ${run.status}`,
    run.reason ?? '',
    link(runAddress(run.id), 'Open its page to resume it', 'rl-btn sm'),
  );
}

/** How far the batches are that are shown: the choice tells it. @param {AnswersPage | null} page */
const standing = page => JSON.stringify(page?.sources.map(({id, status}) => [id, status]));

class Table {
  /** @param {HTMLElement} root @param {import('../../components/mount.js').Part['server']} server */
  constructor(root, server) {
    this.root = root;
    this.server = server;
    this.query = queryIn(asked());
    this.typed = this.query.text;
    this.form = emptyForm();
    this.failure = '';
    this.trouble = ''; // why the panes of a row could not be opened
    /** @type {AnswersPage | null} */
    this.page = null;
    /** @type {AnswersOverview | null} */
    this.overview = null;
    /** @type {AnswerChoices | null} */
    this.choices = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.typing = undefined;
    this.asked = 0;
    this.wake = () => {};
  }

  /** @param {Partial<Query>} changes */
  change = changes => {
    this.query = {...this.query, offset: 0, ...changes};
    if (changes.text === '') this.typed = '';
    remember(addressed(this.query));
    this.draw();
    this.wake();
  };

  /** @param {string} typed */
  type = typed => {
    this.typed = typed;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.change({text: typed.trim()}), PAUSE);
  };

  /** Ask for the rows, and for the overview where it is another or may have grown. */
  async look() {
    const number = ++this.asked;
    const query = this.query;
    const page = await call(this.server.answers_page, query);
    if (number !== this.asked || query !== this.query) return WHILE_LIVE;
    if (query.offset && !page.rows.length && page.total) {
      this.change({offset: 0});
      return WHILE_LIVE;
    }
    const was = standing(this.page);
    this.page = page;
    this.failure = '';
    if (page.batch && !query.batch) this.name(page.batch);
    if (this.choices && was !== standing(page)) this.choices = await call(this.server.answer_choices, {});
    this.draw();
    if (page.columns.length > 1) {
      this.overview = await call(this.server.answers_overview, {
        columns: page.columns.map(one => one.key),
        baseline: page.baseline,
        other: page.other,
        score: page.score,
      });
      if (number === this.asked) this.draw();
    }
    this.root.dataset.ready = '';
    return page.sources.some(run => run.live || run.status === 'queued') ? WHILE_LIVE : WHILE_IDLE;
  }

  /** The newest batch goes by its name from here on, so that the address keeps it. @param {string} batch */
  name(batch) {
    this.query = {...this.query, batch};
    remember(addressed(this.query));
  }

  async open() {
    this.choices = await call(this.server.answer_choices, {});
    const words = asked();
    const like = words.get('like');
    if (like) Object.assign(this.form, await this.like(like), {isOpen: true});
    if (words.has('new') || (!this.choices.batches.length && !this.query.columns.length))
      this.form.isOpen = true;
    const models = words.get('models');
    if (models) Object.assign(this.form, {models: models.split(',').filter(Boolean), isOpen: true});
    this.draw();
  }

  /** @param {string} batch */
  showBatch = batch =>
    this.change({batch, columns: [], baseline: '', other: '', result: '', kind: '', text: '', score: ''});

  /** What fills the form for the same batch again. @param {string} run */
  async like(run) {
    const again = await call(this.server.batch_again, {run});
    const typed = Object.fromEntries(Object.entries(again.typed).map(([name, one]) => [name, String(one)]));
    return {...again, models: [...again.models], typed};
  }

  launch = async () => {
    const {models, suite, typed, rewards, reward_model: rewardModel} = this.form;
    Object.assign(this.form, {isBusy: true, problems: {}});
    this.draw();
    const launch = crypto.randomUUID();
    const asking = {models, suite, typed, rewards, reward_model: rewardModel, launch};
    const started = await call(this.server.batch_start, asking).catch(error => ({
      run: '',
      problems: {form: sentence(error)},
    }));
    Object.assign(this.form, {isBusy: false, problems: {...started.problems}, isOpen: !started.run});
    if (!started.run) return this.draw();
    remember({like: null, new: null, models: null});
    this.showBatch(started.run);
    this.choices = await call(this.server.answer_choices, {});
    this.draw();
  };

  write = async () => {
    const {name, text} = this.form.written;
    const {suite, problem, repeats} = await call(this.server.suite_write, {name, text}).catch(error => ({
      suite: null,
      repeats: 0,
      problem: sentence(error),
    }));
    if (!suite) {
      this.form.written = {...this.form.written, problem};
      return this.draw();
    }
    this.choices = await call(this.server.answer_choices, {});
    Object.assign(this.form, {suite: suite.name, written: {...NOTHING_WRITTEN, repeats}});
    this.draw();
  };

  /** The stored answers to a prompt, in the panes of Compare. @param {string} item */
  openPanes = async item => {
    const columns = (this.page?.columns ?? []).map(one => one.key);
    try {
      const {comparison} = await call(this.server.answer_panes, {columns, item});
      location.assign(address('/compare', {comparison}));
    } catch (error) {
      this.trouble = sentence(error);
      this.draw();
    }
  };

  card() {
    if (this.failure) return note('bad', 'This page could not be filled', this.failure);
    const {page, choices} = this;
    if (!page || !choices) return html`<div class="rl-card rl-cb">${skeleton(30, 92, 84, 60)}</div>`;
    if (!page.columns.length)
      return html`<div class="rl-card">
        ${empty(
          'No batch yet',
          'Start one above, or add what the probe of a run wrote.',
          adder(page, choices, columns => this.change({columns})),
        )}
      </div>`;
    return html`<section class="rl-card" aria-label="Answers">
      <div class="rl-ch">
        ${tools(page, this.query, this.typed, this.change, this.type)}
        ${adder(page, choices, columns => this.change({columns}))}
      </div>
      ${heads(page, this.query, this.change)} ${table(page, this.query, this.change, this.openPanes)}
    </section>`;
  }

  draw = () => {
    const {page, choices, form} = this;
    const open = () => this.set({isOpen: true});
    const done = page?.sources.find(({status}) => status === 'succeeded');
    const vote = done ? link(address('/vote', {run: done.id}), 'Vote blind', 'rl-btn') : nothing;
    const batch = page && choices ? batchChoice(choices.batches, page.batch, this.showBatch) : nothing;
    const acts = html`${batch}${vote}${form.isOpen ? nothing : button('New batch', open, {kind: 'primary'})}`;
    render(
      html`<div class="rl-stack">
        ${pageTitle({title: 'Answers', text: told(page), acts})}
        ${
          form.isOpen && choices
            ? launchCard(form, choices, {change: this.set, launch: this.launch, write: this.write})
            : nothing
        }
        ${(page?.sources ?? []).map(source)}
        ${this.trouble ? note('bad', 'The panes could not be opened', this.trouble) : nothing}
        ${page ? overviewCards(page, this.overview, this.openPanes) : nothing} ${this.card()}
      </div>`,
      this.root,
    );
  };

  /** @param {Partial<import('./launch.js').LaunchForm>} changes */
  set = changes => {
    Object.assign(this.form, changes);
    this.draw();
  };
}

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  const shown = new Table(root, server);
  const fail = (/** @type {unknown} */ error) => {
    shown.failure = sentence(error);
    shown.draw();
  };
  shown.draw();
  shown.open().catch(fail);
  shown.wake = poll(root, WHILE_IDLE, async () => {
    try {
      return await shown.look();
    } catch (error) {
      if (!shown.page) fail(error);
      throw error;
    }
  });
}
