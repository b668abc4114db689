/** Work in pieces: between two of them the page may answer a finger and draw. */

/**
 * Resolves in a task of its own.
 * @returns {Promise<void>}
 */
export function breath() {
  const { scheduler } = /** @type {{ scheduler?: { yield?: () => Promise<void> } }} */ (globalThis);
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}

/**
 * Runs what it is given one by one, each in a task of its own.
 * @returns {(work: () => void) => void}
 */
export function oneByOne() {
  let last = Promise.resolve();
  return (work) => {
    last = last.then(breath).then(work);
  };
}

/** Who never paints, a page in a tab behind, goes on after this. */
const UNPAINTED_MS = 1000;

/**
 * Resolves when the page is on the screen, as far as it is read.
 * @returns {Promise<void>}
 */
export function painted() {
  return new Promise((resolve) => {
    setTimeout(resolve, UNPAINTED_MS);
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
