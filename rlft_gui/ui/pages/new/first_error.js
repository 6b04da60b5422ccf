// A sentence on what is wrong may stand above what a person looks at, so it is brought into sight.

/** @param {Element | null} box whose controls Gradio judges */
export function showErrors(box) {
  if (!box) return;
  const seen = new WeakSet();
  const look = () => {
    for (const error of box.querySelectorAll('.validation-error')) {
      if (seen.has(error)) continue;
      seen.add(error);
      (error.closest('.block') ?? error).scrollIntoView({block: 'nearest'}); // with the field that it is on
    }
  };
  new MutationObserver(look).observe(box, {childList: true, subtree: true});
}
