// For a screen reader: said politely, seen by nobody.

/** @type {HTMLElement | null} */
let voice = null;

/** @param {string} words */
export function say(words) {
  voice ??= quiet();
  voice.textContent = words;
}

function quiet() {
  const node = document.createElement('div');
  node.className = 'rl-vh';
  node.setAttribute('role', 'status');
  return document.body.appendChild(node);
}
