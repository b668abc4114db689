/** Which way one thing lies from another. */

/** Eight winds, clockwise from north. */
const WINDS = /** @type {const} */ (["n", "ne", "e", "se", "s", "sw", "w", "nw"]);

/**
 * The wind towards which one goes from `a` to `b`.
 * @param {import("./geo.js").Position} a
 * @param {import("./geo.js").Position} b
 */
export function windFrom(a, b) {
  const dx = (b[0] - a[0]) * Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180);
  const turn = Math.atan2(dx, b[1] - a[1]) / (Math.PI / 4);
  return /** @type {(typeof WINDS)[number]} */ (WINDS[(Math.round(turn) + 8) % 8]);
}
