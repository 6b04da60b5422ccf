// Who looks anew when a run went into the bin or came out of it.

/** @type {Set<() => void>} */
const listeners = new Set();

/** @param {() => void} look */
export const onBinChanged = look => void listeners.add(look);

export function binChanged() {
  for (const look of listeners) look();
}
