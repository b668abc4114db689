/** Names on the map: which of them find room. */

/** @typedef {{ name: string, text: string, position: import("./geo.js").Position, weight: number }} Label `name` as people there write it, `text` as it is shown; the heavier goes first */
/** @typedef {[x: number, y: number]} Pixel */
/** @typedef {{ x: number, y: number, wide: number, high: number }} Taken a box round `x`, `y`, half as wide and half as high */
/** @typedef {[name: string, lng: number, lat: number, zoom: number, names?: Record<string, string>]} BuiltIn a city of the built-in map, the zoom from which it shows, and its names in other languages, which are those of the gazetteer */
/** @typedef {{ name: string, names?: Record<string, string>, lng: number, lat: number, population: number }} GazetteerPlace */

/** Text of 14 pixels: as wide as so many pixels a letter, so high, with so much air around. */
const LETTER_PX = 8;
const LINE_PX = 18;
const AIR_PX = 6;
/** As far above or below its place is a name that would be under a cluster in that place. */
const BESIDE_PX = 38;
/** Two places of one name as near as this are one place. */
const SAME_DEG = 0.15;
/** From here on names of towns say nothing: a town is larger than the view, and its name would stand at one of its doors. */
export const STREETS_ZOOM = 16;
/** So many people has a city of the built-in map that shows from zoom 8; ten times as many two zooms earlier. */
const CITY = 100_000;

/**
 * What there is to write, nothing where streets would have names: the gazetteer's places and the cities of the built-in map that are not among them.
 * @param {readonly BuiltIn[]} builtIn
 * @param {readonly GazetteerPlace[]} places
 * @param {string} lang
 * @param {number} zoom
 * @returns {Label[]} the heaviest first
 */
export function labelsOf(builtIn, places, lang, zoom) {
  if (zoom >= STREETS_ZOOM) return [];
  /** @type {Label[]} */
  const labels = places
    .filter(({ population }) => population >= leastPopulation(zoom))
    .map(({ name, names, lng, lat, population }) => ({
      name,
      text: names?.[lang] ?? name,
      position: [lng, lat],
      weight: population,
    }));
  const written = [...labels];
  for (const [name, lng, lat, from, names] of builtIn) {
    if (from > zoom || written.some((label) => label.name === name && near(label.position, lng, lat))) continue;
    labels.push({ name, text: names?.[lang] ?? name, position: [lng, lat], weight: CITY * 10 ** ((8 - from) / 2) });
  }
  return labels.sort((a, b) => b.weight - a.weight);
}

/**
 * The names that find room, none upon another or under a pin: on its place, or else a little below or above it.
 * @param {readonly Label[]} labels the heaviest first
 * @param {(position: import("./geo.js").Position) => Pixel} toPixel
 * @param {readonly Taken[]} [pins] boxes that are taken
 * @param {number} [scale] how much larger than 14 pixels the text is
 * @returns {(Label & { lower: number })[]} `lower` by so many pixels
 */
export function labelsWithRoom(labels, toPixel, pins = [], scale = 1) {
  const taken = [...pins];
  const high = (LINE_PX / 2) * scale;
  return labels.flatMap((label) => {
    const [x, middle] = toPixel(label.position);
    const wide = ((label.text.length * LETTER_PX) / 2 + AIR_PX) * scale;
    for (const lower of [0, BESIDE_PX, -BESIDE_PX]) {
      const y = middle + lower;
      if (taken.some((box) => Math.abs(box.y - y) < box.high + high && Math.abs(box.x - x) < box.wide + wide)) continue;
      taken.push({ x, y, wide, high });
      return [{ ...label, lower }];
    }
    return [];
  });
}

/** So few people that a place has no name on the map yet: half a million at zoom 6, everybody from zoom 12.
 * @param {number} zoom
 */
function leastPopulation(zoom) {
  return zoom >= 12 ? 0 : 500_000 / 3 ** (zoom - 6);
}

/** @param {import("./geo.js").Position} position @param {number} lng @param {number} lat */
function near(position, lng, lat) {
  return Math.abs(position[0] - lng) < SAME_DEG && Math.abs(position[1] - lat) < SAME_DEG;
}
