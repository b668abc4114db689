/** How a question goes on: with the map moved, with a suggestion taken, with an area chosen. */
import { boxText } from "../data/geo.js";
import { isOnFoot, withValues } from "../data/query.js";

/** @typedef {import("../data/query.js").Query} Query */

/**
 * Of what the map shows now. Somebody who moves the map is not asking about the town any more.
 * @param {Query} query
 * @param {import("../data/geo.js").Box} box
 */
export function ofBox(query, box) {
  const placeless = withValues(query, "place", []);
  const elsewhere = isOnFoot(query) ? placeless : withoutNear(placeless);
  return withValues(elsewhere, "bbox", [boxText(box)]);
}

/** @param {Query} query */
function withoutNear(query) {
  return withValues(withValues(query, "near", []), "near_name", []);
}

/** Whether it is about what the map shows, and not about a town, an area or what is near an address.
 * @param {Query} query
 */
export function isOfMap(query) {
  return query.has("bbox") && !query.has("near");
}

/** Of a gmina, a powiat or a voivodeship.
 * @param {Query} query
 * @param {string} code
 */
export function ofArea(query, code) {
  const elsewhere = withValues(withValues(query, "bbox", []), "place", []);
  return withValues(withValues(elsewhere, "area_name", []), "area", [code]);
}

/**
 * Of a suggestion of the search box.
 * @param {Query} query
 * @param {Exclude<import("./search.js").Taken, { kind: "feature" }>} taken
 */
export function ofTaken(query, taken) {
  const wordless = withValues(query, "q", []);
  if (taken.kind === "service") return withValues(wordless, "service", [taken.code]);
  if (taken.kind === "words") return withValues(wordless, "q", [taken.words]);
  const anywhere = withoutNear(withValues(wordless, "bbox", []));
  if (taken.kind === "address") {
    const { lng, lat, whole, bbox } = taken.address;
    const there = { place: [], sort: [], near: [`${lng},${lat}`], near_name: [whole], bbox: [boxText(bbox)] };
    return Object.entries(there).reduce((next, [name, values]) => withValues(next, name, values), anywhere);
  }
  // The answer says how far the town reaches; the map goes there.
  const there = withValues(anywhere, "place", [taken.place.id]);
  if (taken.kind !== "together") return there;
  // A sentence says more than the help: the server reads it, and leaves out aloud what is found nowhere.
  return taken.words ? withValues(there, "q", [taken.words]) : withValues(there, "service", [taken.code]);
}
