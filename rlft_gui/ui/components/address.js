// @ts-nocheck
// The address line carries what a reload or a shared link must show.
const asked = () => new URLSearchParams(location.search);
function remember(changes) {
  const here = new URL(location);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === '' || value === undefined) here.searchParams.delete(key);
    else here.searchParams.set(key, value);
  }
  if (here.href !== location.href) history.replaceState(history.state, '', here);
}
const address = (path, query) => {
  const filled = Object.entries(query || {}).filter(([, value]) => value != null && value !== '');
  return filled.length ? `${path}?${new URLSearchParams(filled)}` : path;
};

export {asked, remember, address};
