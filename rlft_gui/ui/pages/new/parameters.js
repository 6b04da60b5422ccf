// The size of a model in words.

/** @param {number} parameters */
export const millions = parameters =>
  parameters >= 1e9
    ? `${(parameters / 1e9).toFixed(1)} B`
    : `${(parameters / 1e6).toFixed(parameters < 1e7 ? 1 : 0)} M`;
