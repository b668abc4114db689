/**
 * Many pins. While the map zooms they are scaled with it as one and fade; then those of the new zoom come out of the
 * clusters in which they were, a few in a frame, so that a cheap phone goes on answering.
 */
import { painted } from "../breath.js";
import { point } from "./leaflet.js";
import { PinLayer } from "./pins.js";
import { ScaledPane } from "./scaled-pane.js";

/** @typedef {import("./pins.js").Pin} Pin */
/** @typedef {import("./pins.js").Placed} Placed */

const SPLIT_FROM_PX = 140;
const PIN_HALF_PX = 20;
const CLUSTER_HALF_PX = 28;
/** Pins are made for so long in one frame; to style and paint them takes twice that again. */
const PIECE_MS = 4;

export class PinCrowd extends PinLayer {
  constructor() {
    super();
    this.turn = 0;
    this.scaled = new ScaledPane("pins", () => this.place());
    this.animates = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** @param {import("leaflet").Map} map */
  onAdd(map) {
    super.onAdd(map);
    this.scaled.addTo(map);
    return this;
  }

  /** @returns {any} */
  getEvents() {
    return this.scaled.events();
  }

  /** @param {Placed} placed */
  put({ element, at, shift }) {
    this.scaled.put(element, at, shift);
  }

  /** The key of the pin that has the focus. */
  keyWithFocus() {
    const { activeElement } = document;
    if (!activeElement || !this.pane?.contains(activeElement)) return undefined;
    return [...this.placed].find(([, { element }]) => element === activeElement)?.[0];
  }

  /**
   * Show exactly these pins: the first at once, the others in the next frames. What goes leaves when they are there, so
   * that the map is never empty, or first if it was made for another zoom. Resolves when all is done or not wanted any more.
   * @param {Pin[]} pins
   * @param {number} [scale] how much larger than usual they are
   */
  async show(pins, scale = 1) {
    const { map } = this;
    if (!map) return;
    this.turn += 1;
    const { turn } = this;
    const wanted = new Set(pins.map(({ key }) => key));
    const gone = [...this.placed].filter(([key]) => !wanted.has(key)).map(([, placed]) => placed);
    const clusters = this.animates ? gone.filter(({ element }) => element.classList.contains("cluster")) : [];
    const seen = map.getBounds();
    if (this.scaled.isOld) {
      this.keepOnly(pins);
      this.scaled.settle();
    }
    let since = performance.now();
    for (const pin of pins) {
      const isNew = !this.placed.has(pin.key);
      if (isNew && performance.now() - since > PIECE_MS) {
        await painted();
        if (turn !== this.turn) return;
        since = performance.now();
      }
      const placed = this.have(pin);
      if (isNew && clusters.length && seen.contains(placed.at)) this.comeFrom(clusters, placed);
    }
    this.keepOnly(pins);
    await painted();
    if (turn === this.turn) this.tellTaken(map, scale);
  }

  /** Make no more pins of those that are to be shown: others will be. */
  stop() {
    this.turn += 1;
  }

  /** Let other layers know which room is taken: boxes in pixels of the world at this zoom, as event `pins` of the map.
   * @param {import("leaflet").Map} map
   * @param {number} scale
   */
  tellTaken(map, scale) {
    const taken = [...this.placed.values()].map(({ at, shift, element }) => {
      const { x, y } = map.project(at).add(point(shift));
      const half = element.classList.contains("cluster") ? CLUSTER_HALF_PX * scale : PIN_HALF_PX * scale;
      return { x, y, wide: half, high: half };
    });
    map.fire("pins", { taken, scale });
  }

  /**
   * Let a new pin move out of the nearest cluster that goes.
   * @param {Placed[]} clusters
   * @param {Placed} placed
   */
  comeFrom(clusters, placed) {
    const { map } = this;
    const { element } = placed;
    if (!map || !element.animate) return;
    const here = map.latLngToLayerPoint(placed.at);
    let least = SPLIT_FROM_PX;
    let from = null;
    for (const old of clusters) {
      const there = map.latLngToLayerPoint(old.at);
      const far = there.distanceTo(here);
      if (far < least) {
        least = far;
        from = there;
      }
    }
    if (!from) return;
    const { x, y } = from.subtract(here);
    element.animate([{ translate: `${x}px ${y}px` }, { translate: "0 0" }], {
      duration: 220,
      easing: "cubic-bezier(0.2, 0.7, 0.2, 1)",
    });
  }
}
