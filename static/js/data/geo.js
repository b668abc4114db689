/** Distances on the globe and boxes of degrees. Positions are `[lng, lat]`, boxes are `[west, south, east, north]`. */

/** @typedef {[lng: number, lat: number]} Position */
/** @typedef {[west: number, south: number, east: number, north: number]} Box */

const EARTH_M = 6_371_008.8;
/** As geo/distance.py has them: people with bags walk 4.8 km/h, and streets are longer than the straight line. */
const WALK_M_PER_MINUTE = 80;
const WALK_DETOUR = 1.3;

/**
 * Great-circle distance in metres.
 * @param {Position} a
 * @param {Position} b
 */
export function distanceM([lng1, lat1], [lng2, lat2]) {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lng2 - lng1) * rad) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Whole minutes on foot for a straight line, rounded up as the server does, at least one.
 * @param {number} distance_m
 */
export function walkMinutes(distance_m) {
  return Math.max(1, Math.ceil((distance_m * WALK_DETOUR) / WALK_M_PER_MINUTE));
}

/** A box from its text `w,s,e,n`; `null` when it is not one.
 * @param {string | null | undefined} text
 * @returns {Box | null}
 */
export function parseBox(text) {
  const numbers = (text ?? "").split(",").map(Number);
  if (numbers.length !== 4 || numbers.some((n) => !Number.isFinite(n))) return null;
  const [w, s, e, n] = /** @type {Box} */ (numbers);
  return w < e && s < n && s >= -90 && n <= 90 ? [w, s, e, n] : null;
}

/** A position from `lng,lat`, `null` where it is none.
 * @param {string | null | undefined} text
 * @returns {Position | null}
 */
export function parsePosition(text) {
  const numbers = (text || "x").split(",").map(Number);
  if (numbers.length !== 2 || numbers.some((n) => !Number.isFinite(n))) return null;
  const [lng, lat] = /** @type {Position} */ (numbers);
  return Math.abs(lng) <= 180 && Math.abs(lat) <= 90 ? [lng, lat] : null;
}

/** The corners of a drawn area from its text `lng,lat;lng,lat;…`; none when it is not one.
 * @param {string | null | undefined} text
 * @returns {Position[]}
 */
export function parseCorners(text) {
  const corners = (text ?? "").split(";").map((corner) => corner.split(",").map(Number));
  const usable = corners.every((corner) => corner.length === 2 && corner.every(Number.isFinite));
  return usable && corners.length >= 3 ? /** @type {Position[]} */ (corners) : [];
}

/** Text of a box for an address: four decimals are 7 to 11 m, enough for a list and short.
 * @param {Box} box
 */
export function boxText(box) {
  return box.map((degree) => Number(degree.toFixed(4))).join(",");
}
