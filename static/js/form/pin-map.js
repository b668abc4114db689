/** The pin of a form on its map: its tip is the point. Drag it, click, tap, or use the arrow keys; Enter on the
 * map puts it in the middle. */
import { el, icon, svg } from "../dom.js";
import { t } from "../i18n.js";
import { Draggable, disableClickPropagation, latLng, setPosition } from "../map/leaflet.js";

const STEP_PX = 12;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Events: `moved` (detail: position), by a person and not by `put`. */
export class DropPin extends EventTarget {
  /**
   * @param {import("leaflet").Map} map
   * @param {string} sprite
   */
  constructor(map, sprite) {
    super();
    this.map = map;
    /** @type {import("leaflet").LatLng | null} */
    this.at = null;
    const move = icon(sprite, "move", "d-move");
    for (const [name, value] of Object.entries({ x: 15, y: 14, width: 26, height: 26 }))
      move.setAttribute(name, String(value));
    this.element = el(
      "button",
      { class: "drop", type: "button", hidden: true },
      svg(
        "svg",
        { viewBox: "0 0 56 68", "aria-hidden": "true", focusable: "false" },
        svg("path", { class: "d-body", d: "M28 66C14 50 4.5 40 4.5 27a23.5 23.5 0 0 1 47 0C51.5 40 42 50 28 66Z" }),
        move,
      ),
    );
    const pane = map.getPane("pins") ?? map.createPane("pins");
    pane.append(this.element);
    disableClickPropagation(this.element);

    const drag = new Draggable(this.element);
    drag.enable();
    drag.on("dragend", () => {
      const { x, y } = /** @type {any} */ (drag)._newPos ?? { x: 0, y: 0 };
      this.moveTo(map.layerPointToLatLng([x, y]));
    });
    map.on("click", ({ latlng }) => this.moveTo(latlng));
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== map.getContainer()) return;
      event.preventDefault(); // Otherwise it would send the form.
      this.moveTo(map.getCenter());
    });
    map.on("zoomanim", (/** @type {any} */ { zoom, center }) => {
      if (this.at) setPosition(this.element, /** @type {any} */ (map)._latLngToNewLayerPoint(this.at, zoom, center));
    });
    map.on("zoom viewreset", () => this.place());
    this.element.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Put the pin somewhere, or away.
   * @param {import("../data/geo.js").Position | null} position
   */
  put(position) {
    this.at = position && latLng(position[1], position[0]);
    this.element.hidden = this.at === null;
    this.place();
  }

  place() {
    const { at, map, element } = this;
    if (!at) return;
    setPosition(element, map.latLngToLayerPoint(at).round());
    const where = `${at.lat.toFixed(5)}, ${at.lng.toFixed(5)}`;
    element.setAttribute("aria-label", t("Pin: %(where)s. Move it with the arrow keys", { where }));
  }

  /** @param {import("leaflet").LatLng} at */
  moveTo(at) {
    this.put([at.lng, at.lat]);
    this.map.panInside(at, { padding: [40, 80] });
    this.dispatchEvent(new CustomEvent("moved", { detail: [at.lng, at.lat] }));
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || !this.at) return;
    event.preventDefault();
    event.stopPropagation(); // Otherwise the map would move under the pin.
    const step = event.shiftKey ? 1 : STEP_PX;
    const here = this.map.latLngToLayerPoint(this.at);
    this.moveTo(this.map.layerPointToLatLng([here.x + arrow[0] * step, here.y + arrow[1] * step]));
  }
}
