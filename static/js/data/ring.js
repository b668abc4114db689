/**
 * The corners of an area that is being drawn, and what a map's server takes of them (geo/ring.py): three to fifty, sides
 * that meet at corners only, at most 1,000 km wide and high. Corners are rounded to five decimals, which is a metre, so
 * that what is looked at here is what stands in the address; sides are compared in whole units of that, without error.
 */

/** @typedef {import("./geo.js").Position} Position */
/** What is wrong with corners. @typedef {"few" | "many" | "crosses" | "large"} Fault */

export const LEAST_CORNERS = 3;
export const MOST_CORNERS = 50;
const MOST_M = 1_000_000;
/** As geo/bbox.py has it. */
const METRES_PER_DEGREE = (Math.PI * 6_371_008.8) / 180;
const DECIMALS = 5;

/** A corner as it will stand in the address; no further than the map of the world goes.
 * @param {number} lng
 * @param {number} lat
 * @returns {Position}
 */
export function corner(lng, lat) {
  const degrees = (/** @type {number} */ value, /** @type {number} */ most) =>
    Number(Math.min(most, Math.max(-most, value)).toFixed(DECIMALS));
  return [degrees(lng, 180), degrees(lat, 90)];
}

/** @param {readonly Position[]} corners */
export function cornersText(corners) {
  return corners.map(([lng, lat]) => `${lng},${lat}`).join(";");
}

/** The four corners of a box.
 * @param {import("./geo.js").Box} box
 * @returns {Position[]}
 */
export function boxCorners([w, s, e, n]) {
  return [corner(w, s), corner(e, s), corner(e, n), corner(w, n)];
}

/** The smallest box around corners.
 * @param {readonly Position[]} corners at least one
 * @returns {import("./geo.js").Box}
 */
export function boxOf(corners) {
  const lngs = corners.map(([lng]) => lng);
  const lats = corners.map(([, lat]) => lat);
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
}

/**
 * What is wrong with corners that are joined in their order; with `closed` also the last with the first.
 * @param {readonly Position[]} corners
 * @param {boolean} closed
 * @returns {Fault | null}
 */
export function faultOf(corners, closed) {
  if (closed && corners.length < LEAST_CORNERS) return "few";
  if (corners.length > MOST_CORNERS) return "many";
  if (crosses(corners, closed)) return "crosses";
  return corners.length && isLarge(boxOf(corners)) ? "large" : null;
}

/**
 * The number of the side (0 is that from the first corner to the second) that a position is nearest to, on a map of
 * Mercator's shape: there somebody wants a corner more.
 * @param {readonly Position[]} corners joined all around
 * @param {Position} position
 */
export function nearestSide(corners, position) {
  const stretch = 1 / Math.cos((position[1] * Math.PI) / 180);
  const flat = (/** @type {Position} */ [lng, lat]) => /** @type {Position} */ ([lng, lat * stretch]);
  const here = flat(position);
  let least = Number.POSITIVE_INFINITY;
  let nearest = 0;
  sidesOf(corners, true).forEach(([a, b], i) => {
    const far = distanceToSide(here, flat(a), flat(b));
    if (far < least) {
      least = far;
      nearest = i;
    }
  });
  return nearest;
}

/** @param {import("./geo.js").Box} box */
function isLarge([w, s, e, n]) {
  const width = (e - w) * METRES_PER_DEGREE * Math.cos((((s + n) / 2) * Math.PI) / 180);
  return Math.max(width, (n - s) * METRES_PER_DEGREE) > MOST_M;
}

/** @param {readonly Position[]} corners @param {boolean} closed @returns {[Position, Position][]} */
function sidesOf(corners, closed) {
  return corners.flatMap((from, i) => {
    const to = corners[i + 1] ?? (closed ? corners[0] : undefined);
    return to ? [/** @type {[Position, Position]} */ ([from, to])] : [];
  });
}

/** Whether sides meet elsewhere than at the corner between two neighbours.
 * @param {readonly Position[]} corners
 * @param {boolean} closed
 */
function crosses(corners, closed) {
  const whole = corners.map(
    ([lng, lat]) => /** @type {Position} */ ([Math.round(lng * 10 ** DECIMALS), Math.round(lat * 10 ** DECIMALS)]),
  );
  const sides = sidesOf(whole, closed);
  if (sides.some(([a, b]) => same(a, b))) return true;
  return sides.some(([a, b], i) =>
    sides.slice(i + 1).some(([c, d], j) => {
      if (j === 0 && foldsBack(a, b, d)) return true;
      const isLast = closed && i + 1 + j === sides.length - 1;
      if (i === 0 && isLast && foldsBack(c, d, b)) return true;
      // Neighbours share a corner; everything else must not touch.
      return j > 0 && !(i === 0 && isLast) && meet(a, b, c, d);
    }),
  );
}

/** Whether the way from `a` over `b` to `c` goes back on itself.
 * @param {Position} a
 * @param {Position} b
 * @param {Position} c
 */
function foldsBack(a, b, c) {
  return turn(a, b, c) === 0 && (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]) > 0;
}

/** Whether two sides have a point in common.
 * @param {Position} a
 * @param {Position} b
 * @param {Position} c
 * @param {Position} d
 */
function meet(a, b, c, d) {
  const [t1, t2, t3, t4] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (t1 * t2 < 0 && t3 * t4 < 0) return true;
  return (
    (t1 === 0 && isBetween(a, b, c)) ||
    (t2 === 0 && isBetween(a, b, d)) ||
    (t3 === 0 && isBetween(c, d, a)) ||
    (t4 === 0 && isBetween(c, d, b))
  );
}

/** -1, 0 or 1: on which side of the way from `a` to `b` a point lies.
 * @param {Position} a
 * @param {Position} b
 * @param {Position} c
 */
function turn(a, b, c) {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

/** Whether a point of the line through `a` and `b` lies between them.
 * @param {Position} a
 * @param {Position} b
 * @param {Position} c
 */
function isBetween(a, b, c) {
  return (
    Math.min(a[0], b[0]) <= c[0] &&
    c[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= c[1] &&
    c[1] <= Math.max(a[1], b[1])
  );
}

/** @param {Position} a @param {Position} b */
function same(a, b) {
  return a[0] === b[0] && a[1] === b[1];
}

/** @param {Position} p @param {Position} a @param {Position} b */
function distanceToSide([px, py], [ax, ay], [bx, by]) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length ? Math.min(1, Math.max(0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length)) : 0;
  return Math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay));
}
