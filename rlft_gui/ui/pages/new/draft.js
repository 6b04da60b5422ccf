// @ts-nocheck
// The draft in the browser: copies of it with one answer changed. Python's events call these.

// A copy of the draft with one answer changed; `path` names it, e.g. ['settings', 'dpo', 'beta'].
export function keep(draft, path, value) {
  const [key, ...rest] = path,
    copy = {...(draft ?? {})};
  copy[key] = rest.length ? keep(copy[key], rest, value) : value;
  return copy;
}
export function choose(draft, chosen) {
  const {method, options, skip, review} = JSON.parse(chosen);
  return {...draft, method, options, skip, review};
}
export function settle(draft, shown) {
  const typed = JSON.parse(shown)?.draft;
  return typed ? {...draft, title: typed.title, seed: typed.seed, settings: typed.settings} : draft;
}
