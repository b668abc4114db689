/** Work in pieces: between two of them the page may answer a finger and draw. */

/**
 * Resolves in a task of its own.
 * @returns {Promise<void>}
 */
export function breath() {
  const { scheduler } = /** @type {{ scheduler?: { yield?: () => Promise<void> } }} */ (globalThis);
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
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

/** When the one before has had its frame. */
let turn = Promise.resolve();

/**
 * Resolves when the page is on the screen, and for one only in a frame: what is drawn in pieces by several leaves each
 * frame its time.
 * @returns {Promise<void>}
 */
export function ownFrame() {
  turn = turn.then(painted);
  return turn;
}
