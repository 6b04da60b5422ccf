// The run whose adapter a pipeline goes on with.
import {link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html} from '../../components/html.js';

/** @typedef {import('../../payloads').ContinuedRun} ContinuedRun */

/** @param {ContinuedRun} run */
export const continuedRun = ({palette, address, title, step}) =>
  html`${glyph(palette)} ${link(address, title)}<span class="rl-faint"
      >step ${step}; the shape of its adapter stays</span
    >`;
