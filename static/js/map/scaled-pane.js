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
    /** For which zoom it is scaled. @type {number | undefined} */
    this.aim = undefined;
    /** Whether what stands here is of another zoom. It is as it was scaled, or at its own size where it now belongs. */
    this.isOld = false;
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
    this.aim = undefined;
    this.isOld = false;
    element.style.transform = "";
    element.classList.remove("waits");
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
    this.aim = zoom;
    const times = map.getZoomScale(zoom, this.zoom);
    setTransform(element, this.origin.multiplyBy(times).subtract(map._getNewPixelOrigin(center, zoom)), times);
  }

  /**
   * The events of a map by which the pane follows it. Where the map has zoomed to, nothing moves before the pane is filled
   * anew, which settles it: what goes then need not be put anywhere. Under two fingers things keep their size.
   */
  events() {
    const reset = () => {
      this.settle();
      this.isOld = true;
    };
    return {
      zoomanim: (/** @type {any} */ view) => this.scale(view),
      viewreset: reset,
      zoom: () => {
        if (this.aim !== this.map?.getZoom()) reset();
        this.isOld = true;
        // Large or small as it has become it is not shown again.
        this.element?.classList.toggle("waits", this.aim !== undefined);
      },
    };
  }
}
