// Names that are not taken.

let made = 0;

/**
 * For an element's id, in this page.
 * @param {string} prefix
 */
export const uniqueId = prefix => `rl-${prefix}-${++made}`;

/** For a launch: a double click with the same one is one launch. randomUUID needs https or loopback. */
export function launchId() {
  if ('randomUUID' in crypto) return crypto.randomUUID();
  return Array.from(self.crypto.getRandomValues(new Uint32Array(4)), part => part.toString(16)).join('-');
}
