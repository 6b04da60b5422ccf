// What a place of the data step is still adding: a file on its way, or rows that are being stored. It
// would be chosen behind the back of whoever goes on before it is there, so the part's value says so, and
// Continue reads that.

/** @typedef {'file' | 'rows'} Source */
/** @typedef {{dataset: string}} Stored */
/** @typedef {(error: unknown) => void} Failed */
/**
 * Has rows stored under a name, and nobody go on meanwhile.
 * @typedef {(name: string, work: () => Promise<Stored>, failed: Failed) => Promise<void>} Store
 */

export class OnItsWay {
  /** @type {Map<Source, string>} */
  #names = new Map();
  #props;
  #shown;

  /**
   * @param {{value?: string}} props the part's; Python reads `value` when somebody goes on
   * @param {() => unknown} shown what the value is while nothing is on its way
   */
  constructor(props, shown) {
    this.#props = props;
    this.#shown = shown;
  }

  /** @param {Source} source @param {string} name */
  begin(source, name) {
    if (this.#names.get(source) === name) return;
    this.#names.set(source, name);
    this.tell();
  }

  /**
   * @param {Source} source
   * @param {unknown} [stored] what came of it, if the part's value is to say so
   */
  end(source, stored) {
    if (!this.#names.delete(source)) return;
    if (stored) this.#props.value = JSON.stringify(stored);
    else if (this.#names.size) this.tell();
    // Else Python has answered meanwhile, and its value is newer than what this part has shown.
    else if (this.#isTold()) this.#props.value = JSON.stringify(this.#shown());
  }

  tell() {
    const [name] = [...this.#names.values()].slice(-1);
    if (name) this.#props.value = JSON.stringify({on_its_way: name});
  }

  #isTold() {
    return 'on_its_way' in (JSON.parse(this.#props.value || 'null') ?? {});
  }
}

/**
 * Tells of the file in a place of Gradio's: while it is sent, and until Python has read it.
 * @param {HTMLElement | null | undefined} place
 * @param {OnItsWay} onItsWay
 */
export function watchFile(place, onItsWay) {
  if (!place) return;
  const look = () => {
    const file = place.querySelector('.uploading, .file-preview');
    if (!file) return onItsWay.end('file');
    const name = place.querySelector('.file-name, .filename')?.textContent?.trim();
    // Gradio draws the stem and the ending of a name apart, with a line break between.
    onItsWay.begin('file', name?.replace(/\s+(?=\.\w+$)/, '') || 'The file');
  };
  new MutationObserver(look).observe(place, {childList: true, subtree: true, characterData: true});
}
