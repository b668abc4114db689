/**
 * Pins on the map: real links and buttons, so that keyboard and screen reader reach them. Elements of pins that stay are
 * kept, with their focus; new ones come out of the cluster in which they were.
 */
import { Layer, latLng, point } from "./leaflet.js";
import { placeAt } from "./place-at.js";

/** @typedef {{ key: string, position: import("../data/geo.js").Position, shift?: [number, number], element: () => HTMLElement }} Pin `key` changes when the pin has to be drawn anew */
/** @typedef {{ element: HTMLElement, at: import("leaflet").LatLng, shift: [number, number] }} Placed */

const SPLIT_FROM_PX = 140;
const PIN_HALF_PX = 20;
const CLUSTER_HALF_PX = 28;
/** @type {[number, number]} */
const NO_SHIFT = [0, 0];

export class PinLayer extends Layer {
  /** @param {{ isRenewed?: boolean }} [manner] whether all pins are shown anew after each zoom */
  constructor({ isRenewed = false } = {}) {
    super();
    this.isRenewed = isRenewed;
    /** @type {Map<string, Placed>} */
    this.placed = new Map();
    this.animates = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** @param {import("leaflet").Map} map */
  onAdd(map) {
    this.map = map;
    this.pane = map.getPane("pins") ?? map.createPane("pins");
    return this;
  }

  onRemove() {
    for (const { element } of this.placed.values()) element.remove();
    this.placed.clear();
    return this;
  }

  getEvents() {
    return { zoomanim: this.onZoomAnimation, viewreset: this.place, zoom: this.place };
  }

  /** The key of the pin that has the focus. */
  keyWithFocus() {
    const { activeElement } = document;
    if (!activeElement || !this.pane?.contains(activeElement)) return undefined;
    return [...this.placed].find(([, { element }]) => element === activeElement)?.[0];
  }

  /**
   * Show exactly these pins.
   * @param {Pin[]} pins
   * @param {number} [scale] how much larger than usual they are
   */
  show(pins, scale = 1) {
    const { map, pane } = this;
    if (!map || !pane) return;
    const wanted = new Set(pins.map(({ key }) => key));
    const gone = [...this.placed].filter(([key]) => !wanted.has(key)).map(([, placed]) => placed);
    const fresh = document.createDocumentFragment();
    const seen = gone.length && this.animates ? map.getBounds() : null;
    for (const { key, position, shift = NO_SHIFT, element: make } of pins) {
      const old = this.placed.get(key);
      const at = latLng(position[1], position[0]);
      const placed = old ?? { element: make(), at, shift };
      Object.assign(placed, { at, shift });
      this.put(placed);
      if (old) continue;
      this.placed.set(key, placed);
      fresh.append(placed.element);
      if (seen?.contains(at)) this.comeFrom(gone, placed);
    }
    const lost = gone.some(({ element }) => element === document.activeElement);
    for (const [key, { element }] of this.placed) {
      if (wanted.has(key)) continue;
      element.remove();
      this.placed.delete(key);
    }
    pane.append(fresh);
    if (pane === map.getPane("pins")) this.tellTaken(map, scale);
    if (lost) map.getContainer().focus({ preventScroll: true });
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

  /** Put every pin where it belongs. */
  place() {
    for (const placed of this.placed.values()) this.put(placed);
  }

  /** @param {Placed} placed */
  put({ element, at, shift }) {
    if (this.map) placeAt(element, this.map.latLngToLayerPoint(at).add(point(shift)));
  }

  /**
   * Pins go where they will be. Those that nobody sees, before or after, are not moved for nothing if they are renewed.
   * @param {any} event with the zoom and the middle to come
   */
  onZoomAnimation({ zoom, center }) {
    const map = /** @type {any} */ (this.map);
    const origin = map._getMapPanePos();
    const size = map.getSize();
    const isSeen = (/** @type {{ x: number, y: number }} */ { x, y }) => x > 0 && y > 0 && x < size.x && y < size.y;
    for (const [key, { element, at, shift }] of this.placed) {
      const there = map._latLngToNewLayerPoint(at, zoom, center).add(point(shift));
      const isNeeded =
        !this.isRenewed ||
        element === document.activeElement ||
        isSeen(there.add(origin)) ||
        isSeen(map.latLngToContainerPoint(at));
      if (isNeeded) {
        placeAt(element, there);
      } else {
        element.remove();
        this.placed.delete(key);
      }
    }
  }

  /**
   * Let a new pin move out of the nearest one that goes.
   * @param {Placed[]} gone
   * @param {Placed} placed
   */
  comeFrom(gone, placed) {
    const { map } = this;
    const art = placed.element.firstElementChild;
    if (!map || !art?.animate) return;
    const here = map.latLngToLayerPoint(placed.at);
    let least = SPLIT_FROM_PX;
    let from = null;
    for (const old of gone) {
      const there = map.latLngToLayerPoint(old.at);
      const far = there.distanceTo(here);
      if (far < least) {
        least = far;
        from = there;
      }
    }
    if (!from) return;
    const { x, y } = from.subtract(here);
    art.animate([{ translate: `${x}px ${y}px` }, { translate: "0 0" }], {
      duration: 220,
      easing: "cubic-bezier(0.2, 0.7, 0.2, 1)",
    });
  }
}
