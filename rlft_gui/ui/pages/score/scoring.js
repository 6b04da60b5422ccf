// What the page holds and how that changes: asks Python for scores piece by piece, keeps the address true.
import {asked as addressLine, remember} from '../../components/address.js';
import {NoAnswer, call, sentence} from '../../components/call.js';
import {count} from '../../components/numbers.js';
import {say} from '../../components/say.js';
import {EMPTY, judgeIn, typedTerms} from '../../components/scorers/typed.js';
import {pieces, typedAnswers} from './texts.js';

/** @typedef {import('../../payloads').AnswerToScore} AnswerToScore */
/** @typedef {import('../../payloads').KnownView} KnownView */
/** @typedef {import('../../payloads').ScoreChoices} ScoreChoices */
/** @typedef {import('../../payloads').Server} Server */
/** @typedef {{name: string, answers: AnswerToScore[], notes: string[]}} Read a file that was read */
/** @typedef {import('../../components/scorers/fields.js').Problems} Problems */

const SHOWN = 50;
const LARGEST = 8 * 2 ** 20; // bytes, as Python has it
const NO_MODEL = 'No reward model is chosen. Add one.';
const NO_TEXT = 'There is no answer to score. Type one, or choose a file.';
const SILENT = 'The app did not answer. Scores that are there stay; score again for the rest.';

export class Scoring {
  /** null until Python said what there is. @type {ScoreChoices | null} */
  choices = null;
  /** @type {string[]} */
  models = [];
  typed = {prompt: '', answers: '', ...EMPTY};
  /** @type {Read | null} */
  file = null;
  isReading = false;
  isBusy = false;
  /** @type {Problems} */
  problems = {};
  /** @type {AnswerToScore[]} */
  answers = [];
  /** @type {import('./texts.js').Found} */
  found = {};
  /** By model; null while it is being made. @type {Record<string, KnownView | null>} */
  known = {};
  /** By model, why there are no more scores. @type {Record<string, string>} */
  failures = {};
  /** @type {Record<string, string>} */
  checkpoints = {};
  /** @type {import('./texts.js').Order} */
  order = 'given';
  shown = SHOWN; // answers; a page of thousands would be slow to draw
  #turn = 0;

  /** @param {{server: Server, draw: () => void}} page */
  constructor({server, draw}) {
    this.server = server;
    this.draw = draw;
  }

  async open() {
    this.choices = await call(this.server.score_choices, {});
    const named = (addressLine().get('models') ?? '').split(',').filter(Boolean);
    const newest = this.choices.models.slice(0, 1).map(({id}) => id);
    this.models = named.length ? [...new Set(named)] : newest;
    this.draw();
  }

  /** @param {string[]} models */
  choose = models => {
    this.models = models;
    remember({models: models.join(',')});
    this.draw();
  };

  /** @param {Partial<Scoring['typed']>} changes */
  type = changes => {
    this.typed = {...this.typed, ...changes};
    if ('answers' in changes) this.problems = {...this.problems, file: '', answers: ''};
    this.draw();
  };

  /** @param {File} file */
  read = async file => {
    this.problems = {};
    this.isReading = true;
    this.draw();
    try {
      if (file.size > LARGEST) throw new Error(tooLarge(file.name));
      const {answers, notes, problem} = await call(this.server.score_file, {
        name: file.name,
        content: await inBase64(file),
      });
      if (problem) throw new Error(problem);
      this.file = {name: file.name, answers, notes};
      say(`${file.name} holds ${count(answers.length, 'answer')}.`);
    } catch (error) {
      this.problems = {file: sentence(error)};
    }
    this.isReading = false;
    this.draw();
  };

  /** @param {import('./texts.js').Order} order */
  arrange = order => {
    this.order = order;
    this.draw();
  };

  showMore = () => {
    this.shown += SHOWN;
    this.draw();
  };

  forget = () => {
    this.file = null;
    this.problems = {};
    this.draw();
  };

  stop = () => {
    this.#turn += 1;
    this.isBusy = false;
    this.draw();
  };

  run = async () => {
    if (this.isBusy || !this.choices) return;
    const answers = this.file?.answers ?? typedAnswers(this.typed.prompt, this.typed.answers);
    // Why a file was refused stays told: whoever chose one knows that something is to be scored.
    const {file} = this.problems;
    this.problems = {
      file,
      models: this.models.length ? '' : NO_MODEL,
      answers: answers.length || file ? '' : NO_TEXT,
    };
    if (!this.models.length || !answers.length) {
      this.draw();
      return;
    }
    Object.assign(this, {answers, isBusy: true, failures: {}, checkpoints: {}, shown: SHOWN});
    this.found = Object.fromEntries(this.models.map(model => [model, []]));
    this.draw();
    await this.#ask(++this.#turn, typedTerms(this.typed.terms));
  };

  /**
   * One model after the other, for they are read by one process.
   * @param {number} turn
   * @param {string[]} terms
   */
  async #ask(turn, terms) {
    const {answers, choices} = this;
    let judge = judgeIn(this.typed);
    for (const model of Object.keys(this.found)) {
      try {
        for (const [from, to] of pieces(answers.length, choices?.most_at_once ?? 1)) {
          const piece = answers.slice(from, to);
          const asked = {model, answers: piece, terms, judge};
          const {answers: scores, checkpoint} = await call(this.server.score, asked);
          if (turn !== this.#turn) return;
          this.found[model].push(...scores);
          this.checkpoints[model] = checkpoint;
          this.draw();
          if (!from) void this.#know(model);
        }
      } catch (error) {
        if (turn !== this.#turn) return;
        this.failures[model] = error instanceof NoAnswer && error.told ? error.message : SILENT;
      }
      judge = null; // it has judged, and would say the same beside every model
    }
    this.isBusy = false;
    say(Object.keys(this.failures).length ? 'Some answers could not be scored.' : 'All answers are scored.');
    this.draw();
  }

  /** What stands behind the strips; without it scores are shown alone. @param {string} model */
  async #know(model) {
    if (this.known[model]) return;
    this.known[model] = await call(this.server.score_known, {model}).catch(() => null);
    this.draw();
  }
}

/** @param {string} name */
const tooLarge = name =>
  `${name} has more than ${LARGEST / 2 ** 20} MB. Score it on the command line: rlft score RUN --file FILE.`;

/** @param {File} file @returns {Promise<string>} */
const inBase64 = file =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(new Error(`${file.name} cannot be read. Choose it again.`));
    reader.readAsDataURL(file);
  });
