/** The corners of an area that is being drawn, as buttons on the map: to drag, to choose by a tap, to move by keys. */
import { el } from "../dom.js";
import { disableClickPropagation, latLng, setPosition } from "./leaflet.js";

/** @typedef {import("../data/geo.js").Position} Position */

/** A finger is not still: less than this is a tap. */
const DRAG_FROM_PX = 5;
const STEP_PX = 12;
/** @type {Record<string, [number, number]>} */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @typedef {object} HandleWishes
 * @property {(index: number, position: Position) => void} drag a corner is on its way
 * @property {(index: number, position: Position) => void} move it has been brought somewhere
 * @property {(index: number) => void} press
 * @property {(index: number) => void} remove
 */

export class Handles {
  /**
   * @param {import("leaflet").Map} map
   * @param {HandleWishes} wishes
   */
  constructor(map, wishes) {
    this.map = map;
    this.wishes = wishes;
    this.pane = map.getPane("corners") ?? map.createPane("corners");
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    /** @type {readonly Position[]} */
    this.corners = [];
    this.events = {
      zoomanim: (/** @type {any} */ { zoom, center }) =>
        this.put((at) => /** @type {any} */ (map)._latLngToNewLayerPoint(at, zoom, center)),
      zoom: () => this.place(),
      viewreset: () => this.place(),
    };
    map.on(this.events);
  }

  /**
   * @param {readonly Position[]} corners
   * @param {{ chosen: number | null, words: (index: number) => string }} looks
   */
  show(corners, { chosen, words }) {
    this.corners = corners;
    while (this.buttons.length > corners.length) this.drop();
    while (this.buttons.length < corners.length) this.buttons.push(this.make(this.buttons.length));
    for (const [index, button] of this.buttons.entries()) {
      button.setAttribute("aria-label", words(index));
      button.setAttribute("aria-pressed", String(index === chosen));
    }
    this.place();
  }

  /** @param {number} index */
  focus(index) {
    this.buttons[index]?.focus({ preventScroll: true });
  }

  place() {
    this.put((at) => this.map.latLngToLayerPoint(at));
  }

  /** @param {(at: import("leaflet").LatLng) => import("leaflet").Point} where */
  put(where) {
    for (const [index, button] of this.buttons.entries()) {
      const at = this.corners[index];
      if (at) setPosition(button, where(latLng(at[1], at[0])).round());
    }
  }

  remove() {
    this.map.off(this.events);
    while (this.buttons.length) this.drop();
  }

  drop() {
    const button = this.buttons.pop();
    if (button === document.activeElement) this.map.getContainer().focus({ preventScroll: true });
    button?.remove();
  }

  /** @param {number} index */
  make(index) {
    const { map, wishes } = this;
    const button = el("button", { class: "corner", type: "button" });
    disableClickPropagation(button);
    /** Where a finger came down, and where the corner was. @type {{ x: number, y: number, from: import("leaflet").Point } | null} */
    let grip = null;
    let dragged = false;
    const positionOf = (/** @type {PointerEvent} */ { clientX, clientY }) => {
      const { x, y, from } = /** @type {NonNullable<typeof grip>} */ (grip);
      const { lng, lat } = map.layerPointToLatLng([from.x + clientX - x, from.y + clientY - y]);
      return /** @type {Position} */ ([lng, lat]);
    };
    button.addEventListener("pointerdown", (event) => {
      const at = this.corners[index];
      if (event.button !== 0 || !at) return;
      button.setPointerCapture(event.pointerId);
      grip = { x: event.clientX, y: event.clientY, from: map.latLngToLayerPoint(latLng(at[1], at[0])) };
      dragged = false;
    });
    button.addEventListener("pointermove", (event) => {
      if (!grip) return;
      dragged ||= Math.hypot(event.clientX - grip.x, event.clientY - grip.y) >= DRAG_FROM_PX;
      if (dragged) wishes.drag(index, positionOf(event));
    });
    button.addEventListener("pointerup", (event) => {
      if (grip && dragged) wishes.move(index, positionOf(event));
      grip = null;
    });
    button.addEventListener("pointercancel", () => {
      const at = this.corners[index];
      if (grip && at) wishes.drag(index, at);
      grip = null;
    });
    button.addEventListener("click", ({ detail }) => {
      // A mouse clicks where it lets go of what it has dragged; a finger does not, and a key (0) never has dragged anything.
      if (!dragged || detail === 0) wishes.press(index);
      dragged = false;
    });
    button.addEventListener("keydown", (event) => this.onKey(event, index));
    this.pane.append(button);
    return button;
  }

  /** @param {KeyboardEvent} event @param {number} index */
  onKey(event, index) {
    const arrow = ARROWS[event.key];
    const at = this.corners[index];
    if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
    if (arrow) {
      const step = event.shiftKey ? 1 : STEP_PX;
      const here = this.map.latLngToLayerPoint(latLng(at[1], at[0]));
      const { lng, lat } = this.map.layerPointToLatLng([here.x + arrow[0] * step, here.y + arrow[1] * step]);
      this.wishes.move(index, [lng, lat]);
    } else if (event.key === "Delete" || event.key === "Backspace") this.wishes.remove(index);
    else return;
    event.preventDefault();
    event.stopPropagation(); // Otherwise the map would move under the corner.
  }
}
