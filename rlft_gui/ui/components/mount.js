// Starts a part of a page: imports its module and calls what that exports as default.
import './theme.js';

/**
 * What a part's module gets. `data` is what Python gave as the part's value; what `start` returns, if any,
 * is called with each newer value.
 * @typedef {object} Part
 * @property {HTMLElement} root empty, the part's own
 * @property {any} data
 * @property {Record<string, any>} props what Python gave besides, as JSON texts; `props.value` may be written
 * @property {import('../payloads').Server} server functions, to be asked through `call`
 * @property {(event: 'change' | 'click') => void} trigger tells Gradio's listeners
 * @property {(name: string, changed: () => void) => void} watch
 * @property {(file: File) => Promise<any>} upload
 */
/**
 * What Gradio hands to a component's script.
 * @typedef {Omit<Part, 'root' | 'data'> & {element: HTMLElement}} Given
 */

/**
 * @param {string} address of the part's module
 * @param {Given} given
 */
export async function mount(address, given) {
  const {default: start} = await import(address);
  const root = /** @type {HTMLElement} */ (given.element.firstElementChild);
  const read = () => (given.props.value ? JSON.parse(given.props.value) : null);
  const redraw = start({...given, root, data: read()});
  if (redraw) given.watch('value', () => redraw(read()));
}
