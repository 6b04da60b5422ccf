// A person's way through the columns of a file: each change is tried on its first rows, then all are stored.
import {call, sentence} from '../call.js';
import {columnsOf, isComplete} from './column_choice.js';

/** @typedef {import('../../payloads').DataPreview} DataPreview */
/** @typedef {import('./column_choice.js').Columns} Columns */

const PAUSE = 250; // ms, while a person goes through several columns

export class Naming {
  /** @type {Columns | null} */
  columns = null;
  /** @type {DataPreview['types']} */
  #types = [];
  #server;
  #redraw;
  #store;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {import('../../payloads').Server} server
   * @param {() => void} redraw
   * @param {import('./on_its_way.js').Store} store
   */
  constructor(server, redraw, store) {
    this.#server = server;
    this.#redraw = redraw;
    this.#store = store;
  }

  /** @param {DataPreview | null} preview */
  open(preview) {
    this.#types = preview?.types ?? [];
    this.columns = preview?.columns ? columnsOf(preview.columns) : null;
    if (preview?.refused) this.begin();
  }

  /** Looks what the columns that suggest themselves make of the file, once somebody sees them. */
  begin = () => {
    if (this.columns && !this.columns.tried) void this.#try(this.columns);
  };

  /** @param {Partial<Columns>} changed */
  change = changed => {
    this.#say({...changed, tried: null, problem: ''});
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.columns && this.#try(this.columns), PAUSE);
  };

  use = async () => {
    if (!this.columns) return;
    const mine = this.columns;
    this.#say({isBusy: true, problem: ''});
    await this.#store(
      mine.file.file,
      () => call(this.#server.use_columns, this.#asked(mine)),
      error => this.#say({isBusy: false, problem: sentence(error)}),
    );
  };

  /** @param {Columns} mine */
  async #try(mine) {
    if (!isComplete(mine)) return;
    const tried = await call(this.#server.try_columns, this.#asked(mine)).catch(error => ({
      refused: sentence(error),
      rows: null,
    }));
    const now = this.columns;
    // Whatever was said since is tried by itself.
    if (now?.mapping === mine.mapping && now.encoding === mine.encoding) this.#say({tried});
  }

  /** @param {Columns} columns */
  #asked = ({file, mapping, encoding}) => ({upload: file.upload, mapping, encoding, types: this.#types});

  /** @param {Partial<Columns>} changed */
  #say(changed) {
    if (!this.columns) return;
    this.columns = {...this.columns, ...changed};
    this.#redraw();
  }
}
