// The value of a part that both sides write: Python opens the part with one, and its events read what the
// browser has put there since.

/**
 * @param {Pick<import('../../components/mount.js').Part, 'props' | 'trigger'>} part
 */
export function holder({props, trigger}) {
  let own = '';
  return {
    /** @param {unknown} value */
    hold(value) {
      own = props.value = JSON.stringify(value);
      trigger('change');
    },
    /** Whether the newest value is the browser's own, and so no news to it. */
    isOwn: () => props.value === own,
  };
}
