// @ts-nocheck
// The title of a dataset's box on the data step.
import {el} from '../../components/dom.js';

// Gradio names its upload button otherwise than it reads: whoever speaks the words seen must reach it.
function nameUploads(box) {
  for (const button of box.querySelectorAll('.rl-file button[aria-label]')) {
    const seen = button.innerText.replace(/\s+/g, ' ').trim();
    const name = `${button.closest('.rl-file').querySelector('label')?.innerText.trim() ?? 'File'}: ${seen}`;
    if (seen && button.getAttribute('aria-label') !== name) button.setAttribute('aria-label', name);
  }
}
function watchUploads(box) {
  new MutationObserver(() => nameUploads(box)).observe(box, {childList: true, subtree: true});
  nameUploads(box);
}

export default ({root, data}) => {
  watchUploads(root.closest('.rl-data'));
  const draw = ({title, sub}) =>
    root.replaceChildren(
      el('div', {class: 'rl-ch'}, el('h2', {}, title, sub && el('span', {class: 'rl-sub'}, sub))),
    );
  draw(data);
  return draw;
};
