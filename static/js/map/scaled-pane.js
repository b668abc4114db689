/**
 * A pane whose things are moved all at once while the map zooms: it is scaled like the ground below it, which the browser
 * does without the page's own thread. Afterwards they are put where they belong, at their own size. Moving a hundred of
 * them one by one takes longer than a frame may on a cheap phone.
 */
import { point, setTransform } from "./leaflet.js";
import { placeAt } from "./place-at.js";

export class ScaledPane {
  /**
   * @param {string} name
   * @param {() => void} place puts all that stands in it where it belongs
   */
  constructor(name, place) {
    this.name = name;
    this.place = place;
    this.zoom = 0;
    this.origin = point(0, 0);
  }

  /** @param {import("leaflet").Map} map */
  addTo(map) {
    this.map = map;
    this.element = map.getPane(this.name) ?? map.createPane(this.name);
    this.element.classList.add("scaled", "leaflet-zoom-animated");
    this.settle();
    return this.element;
  }

  /** Put everything where it belongs at the zoom that the map has. */
  settle() {
    const { map, element } = this;
    if (!map || !element) return;
    this.zoom = map.getZoom();
    this.origin = map.getPixelOrigin();
    element.style.transform = "";
    this.place();
  }

  /** Put a thing where it belongs.
   * @param {HTMLElement} element
   * @param {import("leaflet").LatLng} at
   * @param {[x: number, y: number]} shift in pixels
   */
  put(element, at, [x, y]) {
    if (this.map) placeAt(element, this.map.project(at, this.zoom).subtract(this.origin).add(point(x, y)));
  }

  /** Where everything is at another zoom, as far as scaling goes.
   * @param {{ zoom: number, center: import("leaflet").LatLng }} view
   */
  scale({ zoom, center }) {
    const { element } = this;
    const map = /** @type {any} */ (this.map);
    if (!element) return;
    const times = map.getZoomScale(zoom, this.zoom);
    setTransform(element, this.origin.multiplyBy(times).subtract(map._getNewPixelOrigin(center, zoom)), times);
  }

  /** The events of a map by which the pane follows it. Under two fingers things keep their size. */
  events() {
    const settle = () => this.settle();
    return { zoomanim: (/** @type {any} */ view) => this.scale(view), viewreset: settle, zoom: settle };
  }
}
