/**
 * Raster tiles that know when to stop asking: after several failures in a row the layer rests, longer each time, and
 * the outline below is the map. What is missing is never drawn as broken.
 */
import { TileLayer } from "./leaflet.js";

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
}
