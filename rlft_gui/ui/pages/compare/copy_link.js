// The button that copies this page's address, and says for a moment whether that worked.
import {button} from '../../components/button.js';

const USUAL = 'Copy link';
const MOMENT = 2000; // ms

export class CopyLink {
  words = USUAL;

  /** @param {() => void} draw */
  constructor(draw) {
    this.draw = draw;
  }

  copy = async () => {
    this.words = await navigator.clipboard.writeText(location.href).then(
      () => 'Link copied',
      () => 'Copy it from the address line',
    );
    this.draw();
    setTimeout(() => {
      this.words = USUAL;
      this.draw();
    }, MOMENT);
  };
}

/** @param {CopyLink} copyLink */
export const copyButton = ({words, copy}) => button(words, copy, {mark: 'copy'});
