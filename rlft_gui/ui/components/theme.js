// Light and dark. Gradio sets its own class while it starts; this one wins.
const KEY = 'rl-theme';
const stored = localStorage.getItem(KEY);
let dark = stored ? stored === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;

function paint() {
  for (const node of [document.documentElement, document.body]) {
    if (node.classList.contains('dark') !== dark) node.classList.toggle('dark', dark);
  }
}
new MutationObserver(paint).observe(document.body, {attributes: true, attributeFilter: ['class']});
paint();

/** Charts redraw themselves on the event `rl:theme`: Plotly reads no style sheets. */
export function toggleTheme() {
  dark = !dark;
  localStorage.setItem(KEY, dark ? 'dark' : 'light');
  paint();
  dispatchEvent(new Event('rl:theme'));
}

/**
 * The present value of a token of tokens.css, e.g. `--line`.
 * @param {string} name
 */
export const color = name => getComputedStyle(document.body).getPropertyValue(name).trim();
