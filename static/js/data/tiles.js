/** Tiles of points: which ones a view needs, and where they are. */

/** @typedef {{ z: number, x: number, y: number }} Tile */

/**
 * Tiles of points are drawn 512 pixels wide, one zoom below the base map's: their clusters stand on a grid of eight by
 * eight cells, which gives a cluster of 56 pixels its own 64, and a view needs a quarter of the requests.
 */
const ZOOM_OFFSET = 1;
const MAX_TILE_ZOOM = 17;

/**
 * The tiles under a view, nearest to its middle first.
 * @param {import("./geo.js").Box} box
 * @param {number} zoom of the map
 * @returns {Tile[]}
 */
export function tilesInView([west, south, east, north], zoom) {
  const z = Math.min(MAX_TILE_ZOOM, Math.max(0, Math.round(zoom) - ZOOM_OFFSET));
  const n = 2 ** z;
  const clamp = (/** @type {number} */ v) => Math.min(n - 1, Math.max(0, v));
  const left = clamp(Math.floor(tileX(west, n)));
  const right = clamp(Math.floor(tileX(east, n)));
  const top = clamp(Math.floor(tileY(north, n)));
  const bottom = clamp(Math.floor(tileY(south, n)));
  /** @type {Tile[]} */
  const tiles = [];
  for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) tiles.push({ z, x, y });
  const far = (/** @type {Tile} */ { x, y }) => (x - (left + right) / 2) ** 2 + (y - (top + bottom) / 2) ** 2;
  return tiles.sort((a, b) => far(a) - far(b));
}

/**
 * The address of a tile: the template's `{z}`, `{x}`, `{y}` filled in, and the filters after it.
 * @param {string} template
 * @param {Tile} tile
 * @param {string} filters a query without `?`, may be empty
 */
export function tileUrl(template, { z, x, y }, filters) {
  const path = template.replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));
  return filters ? `${path}?${filters}` : path;
}

/** @param {number} lng @param {number} n */
function tileX(lng, n) {
  return ((lng + 180) / 360) * n;
}

/** @param {number} lat @param {number} n */
function tileY(lat, n) {
  const s = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
  return (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * n;
}
