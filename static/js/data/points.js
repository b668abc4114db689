/** What a tile says, read: points and clusters, without the doubles of tile edges. */

/**
 * @typedef {object} Slim properties of a point on the map
 * @property {string} layer
 * @property {string} name
 * @property {string} [name_language] of the name; left out where it is Polish
 * @property {Record<string, string>} [names] in other languages
 * @property {string} slug
 * @property {string} [family]
 * @property {string[]} [services]
 * @property {string} [checked] day of the last check
 * @property {string} [phone]
 * @property {string} [area]
 * @property {string} [base] day with which `open` begins
 * @property {import("./opening.js").Interval[]} [open]
 * @property {number} [later] first minute after those of `open` at which it opens
 * @property {boolean} [closed] shut for longer, whatever its hours
 * @property {boolean} [example]
 */
/** @typedef {{ kind: "point", id: string, position: import("./geo.js").Position, slim: Slim }} PointItem */
/**
 * @typedef {object} ClusterItem
 * @property {"cluster"} kind
 * @property {string} id the cell of the server's grid, or the ids of all that is drawn as one, with `+` between them
 * @property {import("./geo.js").Position} position
 * @property {number} count
 * @property {number[]} families share of each of the six, in their order
 */
/** @typedef {PointItem | ClusterItem} Item */

/**
 * The items of several tiles of one zoom. A point that two tiles hold (it lies on their edge) comes once.
 * @param {readonly unknown[]} collections GeoJSON FeatureCollections
 * @returns {Item[]}
 */
export function readItems(collections) {
  /** @type {Map<string, Item>} */
  const items = new Map();
  for (const collection of collections) {
    const features = /** @type {any} */ (collection)?.features;
    for (const feature of Array.isArray(features) ? features : []) {
      const item = readItem(feature);
      if (item) items.set(item.id, item);
    }
  }
  return [...items.values()];
}

/**
 * The name of a point for a reader: in their language, in one that they understand well, or in its own.
 * @param {Slim} slim
 * @param {string} lang
 */
export function nameOf(slim, lang) {
  const { name, names = {}, name_language: own = "pl" } = slim;
  const wanted = lang === "ru" ? [lang, "uk", "be"] : [lang];
  return names[wanted.find((one) => one === own || names[one]) ?? ""] ?? name;
}

/** @param {any} feature @returns {Item | null} */
function readItem(feature) {
  const [lng, lat] = feature?.geometry?.coordinates ?? [];
  const properties = feature?.properties;
  if (!Number.isFinite(lng) || !Number.isFinite(lat) || !properties) return null;
  /** @type {import("./geo.js").Position} */
  const position = [lng, lat];
  if (typeof properties.count !== "number") {
    return { kind: "point", id: String(feature.id ?? properties.id), position, slim: properties };
  }
  return {
    kind: "cluster",
    id: String(feature.id ?? position),
    position,
    count: properties.count,
    families: properties.families ?? [],
  };
}
