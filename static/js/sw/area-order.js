/** In which order the places of a kept area are listed: as the server does (app/pages/results.py, app/features/listing.py). */
import { wallClock } from "../data/zone.js";
import { has, soonestOf } from "./area-places.js";

/** @typedef {import("./area-places.js").Area} Area */
/** @typedef {import("./area-places.js").Place} Place */
/** @typedef {import("./area-places.js").Asked} Asked */

const EARTH_M = 6_378_137;
const RAD = Math.PI / 180;
const DAY_MS = 24 * 3600 * 1000;
/** Half a year without a check is as bad as twice the way; what was never checked is no worse than two years. */
const [HALF_YEAR, OLDEST] = [180, 720];
/** The first steps to the door count for all alike. */
const DOOR_M = 400;
/** Of more places it is not looked at which are called as the words are. */
const MOST_COMPARED = 500;
/** Of these, what nobody knows is the end that is turned to the front. */
const MIRRORED = new Set(["checked", "open"]);

/**
 * @param {Place[]} places in the order of the list: what was checked last first
 * @param {Area} area
 * @param {import("../data/query.js").Query} query
 * @param {Asked} asked
 * @param {number} now
 * @returns {{ sort: string, places: Place[] }} `sort` is the order that it was possible to have
 */
export function inOrder(places, area, query, asked, now) {
  const box = asked.box;
  const near = asked.near ?? (box && /** @type {[number, number]} */ ([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]));
  const wish = query.get("sort")?.[0] ?? (near ? "near" : "match");
  const isTurned = wish.startsWith("-");
  const key = keyOf(isTurned ? wish.slice(1) : wish, { near, area, asked, now, isMany: places.length > MOST_COMPARED });
  if (!key) return { sort: "checked", places };
  const turn = isTurned ? -1 : 1;
  const unknown = isTurned && MIRRORED.has(wish.slice(1)) ? -1 : 1;
  const keyed = places.map((place) => ({ place, key: key(place) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) {
      if (a.key !== b.key) return a.key === null ? unknown : -unknown;
    } else if (a.key !== b.key) return (a.key - b.key) * turn;
    return (a.place.id < b.place.id ? -1 : 1) * turn;
  });
  return { sort: wish, places: keyed.map(({ place }) => place) };
}

/**
 * By what an order sorts, `null` for what comes last; of an order that only the server has nothing.
 * @param {string} sort
 * @param {{ near: [number, number] | null, area: Area, asked: Asked, now: number, isMany: boolean }} question
 * @returns {((place: Place) => number | null) | null}
 */
function keyOf(sort, { near, area, asked, now, isMany }) {
  if (sort === "checked") return ({ properties: { checked } }) => (checked ? -Date.parse(checked) : null);
  if (sort === "name") return ({ properties: { kept } }) => kept.rank ?? null;
  if (sort === "open") return (place) => soonestOf(area, place, now);
  if (sort === "match" && asked.words && !isMany) {
    const words = asked.words;
    return ({ properties: { checked, kept } }) =>
      (has(kept.called ?? [], words) ? 0 : 1e6) - (checked ? Date.parse(checked) / DAY_MS : 0);
  }
  if (!near || (sort !== "near" && sort !== "best")) return null;
  const far = (/** @type {Place} */ { geometry }) => geometry && onMapM(near, geometry.coordinates);
  if (sort === "near") return far;
  const today = Date.parse(wallClock(now).day);
  return (place) => {
    const { checked } = place.properties;
    const age = checked ? Math.min((today - Date.parse(checked)) / DAY_MS, OLDEST) : OLDEST;
    const metres = far(place);
    return metres === null ? null : (metres * Math.cos(near[1] * RAD) + DOOR_M) * 2 ** (age / HALF_YEAR);
  };
}

/** Metres on a map of Mercator's shape, by which the server's index goes.
 * @param {[number, number]} a
 * @param {[number, number]} b
 */
function onMapM(a, b) {
  const y = (/** @type {number} */ lat) => Math.asinh(Math.tan(lat * RAD));
  return EARTH_M * Math.hypot((b[0] - a[0]) * RAD, y(b[1]) - y(a[1]));
}
