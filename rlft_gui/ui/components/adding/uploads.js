// Gradio names its upload button otherwise than it reads: whoever speaks the words seen must reach it.

/** @param {HTMLElement} box */
export function nameUploads(box) {
  const name = () => box.querySelectorAll('.rl-file button[aria-label]').forEach(nameButton);
  new MutationObserver(name).observe(box, {childList: true, subtree: true});
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
