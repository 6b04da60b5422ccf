// Which of the ready pipelines fit what is typed. No nodes here.

/** @typedef {import('../../payloads').PresetGroup} PresetGroup */
/** @typedef {import('../../payloads').PresetLink} PresetLink */

/** @param {string} text */
const wordsOf = text => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * The groups with those presets that say every word that is typed, anywhere in what is known of them; groups
 * without any are left out.
 * @param {readonly PresetGroup[]} groups
 * @param {string} typed
 * @returns {readonly PresetGroup[]}
 */
export function fitting(groups, typed) {
  const words = wordsOf(typed);
  if (!words.length) return groups;
  return groups
    .map(group => ({...group, presets: group.presets.filter(preset => says(group, preset, words))}))
    .filter(({presets}) => presets.length);
}

/**
 * @param {PresetGroup} group
 * @param {PresetLink} preset
 * @param {readonly string[]} words
 */
function says({method, title}, preset, words) {
  const {name, about, source} = preset;
  const said = [method, title, name, preset.title, about, source].join(' ').toLowerCase();
  return words.every(word => said.includes(word));
}

/** @param {readonly PresetGroup[]} groups */
export const presetsIn = groups => groups.reduce((sum, {presets}) => sum + presets.length, 0);
