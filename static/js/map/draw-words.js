/** What the drawing tool says: what to do next, what has been done, what cannot be. */
import { LEAST_CORNERS, MOST_CORNERS } from "../data/ring.js";
import { windFrom } from "../data/wind.js";
import { t } from "../i18n.js";

/** @typedef {import("../data/geo.js").Position} Position */
/** How far it is, in words. @typedef {(from: Position, to: Position) => string} Far */

/**
 * What to do next.
 * @param {import("../data/drawing.js").Drawing} drawing
 * @param {number | null} chosen the corner that is chosen, if any
 * @param {boolean} keys whether somebody works with the keyboard
 */
export function hintWords({ corners, closed }, chosen, keys) {
  if (chosen !== null) {
    return keys
      ? t("Move this corner with the arrow keys. Delete removes it.")
      : t("Tap the map where this corner is to be.");
  }
  if (keys) {
    if (closed || corners.length < LEAST_CORNERS)
      return t("Arrow keys move the map, with Shift a little. Enter sets a corner in its middle.");
    return t("Enter sets the next corner in the middle of the map. “Done” closes the area.");
  }
  if (closed) return t("Drag a corner, or tap it and then its new place. A tap on the map adds a corner.");
  if (corners.length === 0) return t("Tap the map where the first corner is to be.");
  if (corners.length < LEAST_CORNERS) return t("Tap where the next corner is to be.");
  return t("Tap the next corner. To finish, tap the first corner or “Done”.");
}

/** @param {import("../data/ring.js").Fault} fault */
export function faultWords(fault) {
  return {
    few: t("An area needs at least 3 corners."),
    many: t("An area has at most %(n)s corners.", { n: MOST_CORNERS }),
    crosses: t("Here two sides would cross. Choose another place for the corner."),
    large: t("This is wider than 1,000 km. Choose a smaller area."),
  }[fault];
}

/** What is heard when a corner has been set or moved: how far from the one before, and which way.
 * @param {readonly Position[]} corners
 * @param {number} index
 * @param {Far} far
 */
export function cornerSaid(corners, index, far) {
  const before = corners[index - 1];
  const here = corners[index];
  const n = index + 1;
  if (!before || !here) return t("Corner %(n)s is set.", { n });
  return t("Corner %(n)s is set, %(distance)s %(bearing)s of the one before.", {
    n,
    distance: far(before, here),
    bearing: bearing(before, here),
  });
}

/** The name of a corner's handle.
 * @param {number} index
 * @param {number} count
 * @param {boolean} finishes
 */
export function handleWords(index, count, finishes) {
  const n = index + 1;
  return finishes ? t("Corner %(n)s: finish the area here", { n }) : t("Corner %(n)s of %(count)s", { n, count });
}

/** @param {Position} from @param {Position} to */
function bearing(from, to) {
  return {
    n: t("to the north"),
    ne: t("to the north-east"),
    e: t("to the east"),
    se: t("to the south-east"),
    s: t("to the south"),
    sw: t("to the south-west"),
    w: t("to the west"),
    nw: t("to the north-west"),
  }[windFrom(from, to)];
}
