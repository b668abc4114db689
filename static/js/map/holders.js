/** Where a place is on the map that has no pin of its own there. */

/** @typedef {import("../data/declutter.js").Drawn} Drawn */
/** @typedef {import("../data/geo.js").Position} Position */

/**
 * The spot or cluster that a place is in: the one that is drawn of it, or the nearest of those that are not farther than
 * clusters reach.
 * @param {readonly Drawn[]} drawn
 * @param {string} id
 * @param {Position | null} position
 * @param {number} reach of a cluster, in degrees of longitude
 * @returns {Drawn | undefined}
 */
export function holderOf(drawn, id, position, reach) {
  // Whatever is drawn as one is in its name.
  const own = drawn.find((item) => item.kind !== "point" && item.id.includes(id));
  if (own || !position) return own;
  const [lng, lat] = position;
  // A degree of latitude is longer, on the ground and on the map.
  const narrow = Math.cos((lat * Math.PI) / 180);
  /** @param {Drawn} item */
  const far = ({ position: [x, y] }) => Math.hypot(x - lng, (y - lat) / narrow);
  return drawn
    .filter((item) => item.kind === "cluster" && far(item) < reach)
    .reduce(
      (best, item) => (!best || far(item) < far(best) ? item : best),
      /** @type {Drawn | undefined} */ (undefined),
    );
}
