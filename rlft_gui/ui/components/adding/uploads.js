// Gradio names its upload button otherwise than it reads: whoever speaks the words seen must reach it.

/** @param {HTMLElement} box */
export function nameUploads(box) {
  const name = () => box.querySelectorAll('.rl-file button[aria-label]').forEach(nameButton);
  const seen = {childList: true, subtree: true, attributes: true, attributeFilter: ['aria-label']};
  new MutationObserver(name).observe(box, seen); // it may name it anew
  name();
}

/** @param {Element} node */
function nameButton(node) {
  const button = /** @type {HTMLElement} */ (node);
  const label = button.closest('.rl-file')?.querySelector('label');
  const seen = button.innerText.replace(/\s+/g, ' ').trim();
  const name = `${label?.innerText.trim() ?? 'File'}: ${seen}`;
  if (seen && button.getAttribute('aria-label') !== name) button.setAttribute('aria-label', name);
}
