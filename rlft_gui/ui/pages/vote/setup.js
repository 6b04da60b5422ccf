// Before the first vote: who votes, and on what; a set that there is, or a new one.
import {call, sentence} from '../../components/call.js';

/** @typedef {import('../../payloads').Server} Server */
/** @typedef {import('../../payloads').VoteChoices} VoteChoices */
/** @typedef {import('./memory.js').Memory} Memory */
/**
 * @typedef {object} Draft
 * @property {string} name
 * @property {import('../../payloads').Question} question
 * @property {import('../../payloads').PairOrder} order
 * @property {number} raters
 * @property {string} rubric
 * @property {string} attributes one a line
 * @property {'comparison' | 'runs'} from
 * @property {string} comparison
 * @property {string[]} runs
 */

const ATTRIBUTES = ['helpful', 'accurate', 'safe', 'tone', 'concise'];
const NAME_LENGTH = 60;
const NO_NAME = 'Type your name first: your votes stand under it.';

/** @param {string} text */
const lines = text => text.split('\n').filter(line => line.trim());

export class Setup {
  /** @type {VoteChoices | null} */
  choices = null;
  problem = '';
  isBusy = false;
  /** A set that an address named, to go on with once the name is typed. */
  wanted = '';
  /** @type {Draft} */
  draft = {
    name: '',
    question: 'pair',
    order: 'random',
    raters: 1,
    rubric: '',
    attributes: ATTRIBUTES.join('\n'),
    from: 'comparison',
    comparison: '',
    runs: [],
  };

  /** @param {{server: Server, memory: Memory, draw: () => void, begin: (votes: string) => void}} given */
  constructor({server, memory, draw, begin}) {
    this.server = server;
    this.memory = memory;
    this.draw = draw;
    this.begin = begin;
    this.rater = memory.rater;
  }

  /**
   * @param {string} comparison that votes are wanted on
   * @param {string} votes a set that is to go on
   * @param {string} run a run or batch that votes are wanted on
   */
  async open(comparison, votes, run = '') {
    this.wanted = votes;
    this.choices = await call(this.server.vote_choices, {comparison, votes});
    const {comparisons, runs, sets} = this.choices;
    const source = run ? `run:${run}` : `comparison:${comparison}`;
    const known = sets.filter(({sources}) => sources.includes(source));
    if (!votes) this.wanted = (known.find(({question}) => question === 'pair') ?? known[0])?.name ?? '';
    const first = comparisons.find(({id, models}) => (comparison ? id === comparison : models > 1));
    this.draft.comparison = comparison || first?.id || comparisons[0]?.id || '';
    if (run || (!comparisons.length && runs.length)) this.draft.from = 'runs';
    this.draft.runs = runs.filter(({id}) => id === run).map(({id}) => id);
    this.draw();
  }

  /** @param {Partial<Draft>} changes */
  change = changes => {
    this.draft = {...this.draft, ...changes};
    this.draw();
  };

  /** @param {string} name */
  name = name => {
    this.rater = name;
    this.memory.rater = name;
    this.draw();
  };

  /** @param {string} votes */
  goOn = votes => {
    this.rater = this.memory.rater;
    this.problem = this.rater ? '' : NO_NAME;
    if (this.problem) this.draw();
    else this.begin(votes);
  };

  /** What a set is called where nobody names it. */
  get proposedName() {
    const {from, comparison, runs} = this.draft;
    const titles = this.choices?.runs.filter(({id}) => runs.includes(id)).map(({title}) => title) ?? [];
    const prompt = this.choices?.comparisons.find(({id}) => id === comparison)?.prompt ?? '';
    const words = from === 'runs' ? titles.join(' and ') : prompt;
    return (words || 'Votes').slice(0, NAME_LENGTH);
  }

  get #sources() {
    const {from, comparison, runs} = this.draft;
    if (from === 'runs') return runs.map(id => `run:${id}`);
    return comparison ? [`comparison:${comparison}`] : [];
  }

  make = async () => {
    if (this.isBusy) return;
    if (!this.rater.trim()) {
      this.problem = NO_NAME;
      this.draw();
      return;
    }
    this.isBusy = true;
    this.problem = '';
    this.draw();
    try {
      const {question, order, raters, rubric, attributes} = this.draft;
      const {name} = await call(this.server.vote_make, {
        name: this.draft.name.trim() || this.proposedName,
        question,
        order,
        raters,
        rubric,
        attributes: lines(attributes),
        sources: this.#sources,
      });
      this.goOn(name);
    } catch (error) {
      this.problem = sentence(error);
    }
    this.isBusy = false;
    this.draw();
  };
}
