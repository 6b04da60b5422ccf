// @ts-nocheck
// Starts a part of a page: imports its module and calls what that exports as default with
// {root, element, props, server, trigger, watch, upload, data}. That may return a function that draws new data.
import './theme.js';

export async function mount(address, from) {
  const {default: start} = await import(address);
  const root = from.element.firstElementChild;
  const read = () => from.props.value ? JSON.parse(from.props.value) : null;
  const redraw = start({...from, root, data: read()});
  if (redraw) from.watch('value', () => redraw(read()));
}
