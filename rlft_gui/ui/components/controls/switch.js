// On or off. Its label stands beside it, so it brings that along.
import {html, live} from '../html.js';
import {invalid} from './line.js';

/**
 * @param {import('./line.js').Control} control
 * @param {import('../../payloads').SwitchField} field
 */
export function switchControl(control, field) {
  /** @param {Event & {currentTarget: HTMLInputElement}} event */
  const onChange = event => control.changed(event.currentTarget.checked);
  return html`<label class="rl-lab rl-check" for=${control.id}
    ><input
      type="checkbox"
      id=${control.id}
      aria-describedby=${control.describedBy}
      aria-invalid=${invalid(control.isWrong)}
      ?disabled=${control.isLocked}
      .checked=${live(Boolean(control.typed ?? field.value))}
      @change=${onChange}
    />${field.title}</label
  >`;
}
