/** What the page tells a map, in data attributes of its element. */
import { parseBox } from "../data/geo.js";

/**
 * @typedef {object} Basemap
 * @property {"outline" | "proxy" | "pmtiles"} kind best source there is; the outline lies below the others
 * @property {string} [url] `…/{z}/{x}/{y}` of the tile proxy, or the address of the PMTiles file
 * @property {string} [attribution] who made the map, as plain text
 * @property {string} [attributionUrl]
 * @property {number} [maxZoom] last zoom that the source has; beyond it tiles are enlarged
 */
/**
 * @typedef {object} MapConfig
 * @property {string} lang
 * @property {string} sprite
 * @property {string} outlineUrl
 * @property {Basemap} basemap
 * @property {import("../data/geo.js").Box} bounds what to show first
 */

/** Poland, where a page says nothing. @type {import("../data/geo.js").Box} */
const HOME = [14.1, 49.0, 24.2, 54.9];

/**
 * @param {HTMLElement} element
 * @returns {MapConfig}
 */
export function readMapConfig({ dataset }) {
  return {
    lang: dataset.lang || document.documentElement.lang || "en",
    sprite: dataset.spriteUrl ?? "",
    outlineUrl: dataset.outlineUrl ?? "",
    basemap: readBasemap(dataset.basemap),
    bounds: parseBox(dataset.bounds) ?? HOME,
  };
}

/** @param {string | undefined} text @returns {Basemap} */
function readBasemap(text) {
  try {
    const basemap = JSON.parse(text ?? "");
    if (["proxy", "pmtiles"].includes(basemap.kind) && typeof basemap.url === "string") return basemap;
    return { ...basemap, kind: "outline" };
  } catch {
    return { kind: "outline" };
  }
}
