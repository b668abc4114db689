/** Pins on a map: real links and buttons, so that keyboard and screen reader reach them. Elements of pins that stay are kept. */
import { Layer, latLng, point } from "./leaflet.js";
import { placeAt } from "./place-at.js";

/** @typedef {{ key: string, position: import("../data/geo.js").Position, shift?: [number, number], element: () => HTMLElement }} Pin `key` changes when the pin has to be drawn anew */
/** @typedef {{ element: HTMLElement, at: import("leaflet").LatLng, shift: [number, number] }} Placed */

/** @type {[number, number]} */
const NO_SHIFT = [0, 0];

/** A few pins, each of which moves by itself while the map zooms. */
export class PinLayer extends Layer {
  constructor() {
    super();
    /** @type {Map<string, Placed>} */
    this.placed = new Map();
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
    return { zoomanim: this.glide, viewreset: this.place, zoom: this.place };
  }

  /**
   * Show exactly these pins.
   * @param {Pin[]} pins
   */
  show(pins) {
    for (const pin of pins) this.have(pin).element.classList.add("leaflet-zoom-animated");
    this.keepOnly(pins);
  }

  /** The pin on the map, where it belongs; made if it is not there yet.
   * @param {Pin} pin
   */
  have({ key, position, shift = NO_SHIFT, element: make }) {
    const at = latLng(position[1], position[0]);
    const old = this.placed.get(key);
    const placed = old ?? { element: make(), at, shift };
    Object.assign(placed, { at, shift });
    this.put(placed);
    if (!old) {
      this.placed.set(key, placed);
      this.pane?.append(placed.element);
    }
    return placed;
  }

  /** The others go. The focus does not get lost with them.
   * @param {Pin[]} pins
   */
  keepOnly(pins) {
    const wanted = new Set(pins.map(({ key }) => key));
    for (const [key, { element }] of this.placed) {
      if (wanted.has(key)) continue;
      const lost = element === document.activeElement;
      element.remove();
      this.placed.delete(key);
      if (lost) this.map?.getContainer().focus({ preventScroll: true });
    }
  }

  /** Put every pin where it belongs. */
  place() {
    for (const placed of this.placed.values()) this.put(placed);
  }

  /** @param {Placed} placed */
  put({ element, at, shift }) {
    if (this.map) placeAt(element, this.map.latLngToLayerPoint(at).add(point(shift)));
  }

  /** Pins go where they will be.
   * @param {any} event with the zoom and the middle to come
   */
  glide({ zoom, center }) {
    const map = /** @type {any} */ (this.map);
    for (const { element, at, shift } of this.placed.values())
      placeAt(element, map._latLngToNewLayerPoint(at, zoom, center).add(point(shift)));
  }
}
