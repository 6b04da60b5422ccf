// A rubric or a constitution: a shipped text by its name, or one written out as YAML, which begins as a
// shipped one.
import {html} from '../html.js';
import {lines} from './lines.js';
import {select} from './select.js';
import {shownDocument} from './typed.js';

const ROWS = 16;

/**
 * @param {import('./line.js').Control} control
 * @param {import('../../payloads').DocumentField} field
 */
export function documentControl(control, field) {
  const {offers, title} = field;
  const {place, text} = shownDocument(field, control.typed);
  const isEdited = place < 0;
  // "Edited" can only be chosen by editing.
  const options = [...offers.map(offer => offer.title), 'Edited'];
  const pick = {options, place: isEdited ? offers.length : place, hidden: isEdited ? -1 : offers.length};
  const about = isEdited ? 'Your own text. It goes into the recipe word for word.' : offers[place].about;
  const area = {text, rows: ROWS, isLocked: control.isLocked, label: `${title}, as YAML`};
  /** @param {Event & {currentTarget: HTMLDetailsElement}} event */
  const onToggle = event => control.unfolded(event.currentTarget.open);
  return html`${select(control, pick, chosen => control.changed(offers[chosen].text))}
    <p class="rl-help">${about}</p>
    <details class="rl-text" ?open=${control.isOpen} @toggle=${onToggle}>
      <summary>Read and edit</summary>
      ${lines(area, control.changed)}
    </details>`;
}
