/**
 * Raster tiles that know when to stop asking: after several failures in a row the layer rests, longer each time, and
 * the outline below is the map. What is missing is never drawn as broken. Event of its own: `rest`.
 */
import { GridLayer, TileLayer } from "./leaflet.js";

const FAILURES_TO_REST = 6;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;

export class PatientTiles extends TileLayer {
  /**
   * @param {string} url
   * @param {import("leaflet").TileLayerOptions} options
   */
  constructor(url, options) {
    super(url, options);
    this.failures = 0;
    this.rest_ms = FIRST_REST_MS;
    this.on("tileload", () => {
      this.failures = 0;
      this.rest_ms = FIRST_REST_MS;
    });
    this.on("tileerror", ({ tile }) => {
      tile.hidden = true;
      this.failures += 1;
      if (this.failures === FAILURES_TO_REST) this.rest();
    });
  }

  /** Leave the map for a while. Taken off by somebody meanwhile, it stays off. */
  rest() {
    const map = /** @type {any} */ (this)._map;
    if (!map) return;
    this.remove();
    this.fire("rest");
    this.timer = setTimeout(() => {
      this.failures = 0;
      this.timer = undefined;
      this.addTo(map);
    }, this.rest_ms);
    this.rest_ms = Math.min(this.rest_ms * 2, LONGEST_REST_MS);
  }

  /** Off for good: also when it was resting. */
  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.remove();
  }

  /*
   * Leaflet stops a picture that is not wanted any more by giving it an empty one as `data:` address, which our policy
   * forbids. Without any address the request is stopped as well.
   */

  _abortLoading() {
    const tiles = /** @type {any} */ (this)._tiles;
    for (const [key, { el: tile, coords }] of Object.entries(tiles)) {
      if (coords.z === /** @type {any} */ (this)._tileZoom) continue;
      tile.onload = tile.onerror = null;
      if (tile.complete) continue;
      tile.removeAttribute("src");
      tile.remove();
      delete tiles[key];
      this.fire("tileabort", { tile, coords });
    }
  }

  /** @param {string} key */
  _removeTile(key) {
    /** @type {any} */ (this)._tiles[key]?.el.removeAttribute("src");
    return /** @type {any} */ (GridLayer.prototype)._removeTile.call(this, key);
  }

  /** @param {import("leaflet").Coords} coords @param {Error | null} error @param {HTMLElement} [tile] */
  _tileReady(coords, error, tile) {
    if (tile && !tile.hasAttribute("src")) return;
    /** @type {any} */ (TileLayer.prototype)._tileReady.call(this, coords, error, tile);
  }
}
