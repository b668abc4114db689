/**
 * The tool that draws an area: taps set corners, handles move them, all of it by mouse, finger, pen or keys. It stands on
 * the map until somebody is done or has thought better of it, and asks nothing meanwhile.
 */
import { Drawing } from "../data/drawing.js";
import { boxCorners, boxOf, cornersText, faultOf } from "../data/ring.js";
import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { ARROWS, Handles } from "./draw-handles.js";
import { cornerSaid, faultWords, handleWords, hintWords } from "./draw-words.js";

/** @typedef {import("../data/geo.js").Position} Position */
/**
 * @typedef {object} DrawWishes
 * @property {HTMLElement} holder the box of the map
 * @property {string} sprite
 * @property {readonly Position[]} corners of the area that is there already, or none
 * @property {import("./drawn.js").DrawnArea} outline free while somebody draws
 * @property {import("./draw-words.js").Far} far
 * @property {() => void} quietly the next move of the map is no question
 */

const PAN_PX = 60;
const FINE_PAN_PX = 6;

/**
 * @param {import("leaflet").Map} map
 * @param {DrawWishes} wishes
 * @returns {Promise<string | null>} the corners as an address has them; `null` when it was given up
 */
export function drawArea(map, wishes) {
  return new Promise((resolve) => {
    new DrawTool(map, wishes, resolve);
  });
}

class DrawTool {
  /**
   * @param {import("leaflet").Map} map
   * @param {DrawWishes} wishes
   * @param {(drawn: string | null) => void} resolve
   */
  constructor(map, wishes, resolve) {
    this.map = map;
    this.wishes = wishes;
    this.resolve = resolve;
    this.drawing = new Drawing(wishes.corners);
    /** The corner that a tap on the map moves. @type {number | null} */
    this.chosen = null;
    this.keys = wishes.holder.querySelector(".draw:focus-visible") !== null;
    this.before = { centre: map.getCenter(), zoom: map.getZoom() };
    this.handles = new Handles(map, {
      drag: (index, position) => this.preview(index, position),
      move: (index, position) => this.move(index, position),
      press: (index) => this.press(index),
      remove: (index) => this.remove(index),
    });
    this.bar = this.makeBar();
    this.listening = new AbortController();
    /** How the map is named otherwise. @type {(string | null)[]} */
    this.usual = [];
    this.begin();
  }

  makeBar() {
    const { sprite } = this.wishes;
    this.hint = el("p", { class: "draw-hint", id: "draw-hint" });
    this.said = el("p", { class: "hush", role: "status" });
    this.refused = el("div", { class: "draw-fault", role: "alert" });
    const button = (/** @type {string} */ words, /** @type {string} */ classes, /** @type {() => void} */ onclick) =>
      el("button", { class: `button slim ${classes}`, type: "button", onclick }, words);
    this.undoButton = button(t("Undo"), "second", () => this.undo());
    this.undoButton.prepend(icon(sprite, "undo-2", "icon small turns"));
    this.removeButton = button(t("Remove this corner"), "second", () => this.remove(this.chosen ?? -1));
    return el(
      "div",
      { class: "draw-bar", role: "group", "aria-label": t("Draw an area") },
      this.hint,
      this.said,
      this.refused,
      el(
        "div",
        { class: "draw-do" },
        this.undoButton,
        this.removeButton,
        button(t("Use the map in view"), "second", () => this.takeView()),
        button(t("Cancel"), "second", () => this.finish(null)),
        button(t("Done"), "", () => this.done()),
      ),
    );
  }

  begin() {
    const { map, wishes, listening, bar } = this;
    const { signal } = listening;
    const container = map.getContainer();
    wishes.holder.append(bar);
    wishes.holder.classList.add("drawing");
    this.setKeys(this.keys);
    // Screen readers hand arrow keys on to an application, and to nothing else.
    this.usual = nameAs(container, ["application", t("Map for drawing an area"), "draw-hint"]);
    map.getPane("pins")?.setAttribute("inert", "");
    map.closePopup();
    map.doubleClickZoom.disable(); // Two quick taps are two corners.
    map.invalidateSize({ animate: false });
    this.onClick = (/** @type {import("leaflet").LeafletMouseEvent} */ { latlng }) =>
      this.tap([latlng.lng, latlng.lat]);
    map.on("click", this.onClick);
    container.addEventListener("keydown", (event) => this.onMapKey(event), { signal });
    wishes.holder.addEventListener("keydown", (event) => this.onKey(event), { signal });
    wishes.holder.addEventListener("pointerdown", () => this.setKeys(false), { signal });
    this.draw();
    container.focus({ preventScroll: true });
    this.say(hintWords(this.drawing, null, this.keys));
  }

  /** @param {readonly Position[] | null} corners */
  finish(corners) {
    const { map, wishes } = this;
    const container = map.getContainer();
    this.listening.abort();
    if (this.onClick) map.off("click", this.onClick);
    this.handles.remove();
    this.bar.remove();
    wishes.holder.classList.remove("drawing", "by-keys");
    nameAs(container, this.usual);
    map.getPane("pins")?.removeAttribute("inert");
    map.doubleClickZoom.enable();
    // The map has its usual size again, and shows the area; or what it showed before, where nobody asks for anything else.
    // All at once: a move that takes its time would be taken for a visitor's.
    wishes.quietly();
    map.invalidateSize({ animate: false });
    if (corners) map.fitBounds(latLngBox(corners), { animate: false });
    else map.setView(this.before.centre, this.before.zoom, { animate: false });
    this.resolve(corners && cornersText(corners));
  }

  done() {
    const { fault } = this.drawing;
    if (fault) this.refuse(fault);
    else this.finish(this.drawing.corners);
  }

  takeView() {
    const view = this.map.getBounds();
    const corners = boxCorners([view.getWest(), view.getSouth(), view.getEast(), view.getNorth()]);
    const fault = faultOf(corners, true);
    if (fault) this.refuse(fault);
    else this.finish(corners);
  }

  /** @param {Position} position */
  tap(position) {
    if (this.chosen === null) this.add(position);
    else if (this.move(this.chosen, position)) this.choose(null);
  }

  /** @param {Position} position */
  add(position) {
    const added = this.drawing.add(position);
    if (typeof added === "string") this.refuse(added);
    else this.changed(cornerSaid(this.drawing.corners, added, this.wishes.far));
  }

  /** @param {number} index @param {Position} position @returns {boolean} whether it could be moved there */
  move(index, position) {
    const fault = this.drawing.move(index, position);
    if (fault) this.refuse(fault);
    else this.changed(cornerSaid(this.drawing.corners, index, this.wishes.far));
    return !fault;
  }

  /** @param {number} index */
  remove(index) {
    const fault = this.drawing.remove(index);
    this.chosen = null;
    if (fault) {
      this.refuse(fault);
      return;
    }
    this.changed(t("Corner %(n)s is removed.", { n: index + 1 }));
    if (this.drawing.corners.length) this.handles.focus(Math.max(0, index - 1));
    else this.map.getContainer().focus({ preventScroll: true });
  }

  undo() {
    this.chosen = null;
    this.changed(this.drawing.undo() ? t("The last step is undone.") : t("There is nothing to undo."));
  }

  /** @param {number} index */
  press(index) {
    const { closed, corners, fault } = this.drawing;
    if (index === 0 && !closed && !fault) this.finish(corners);
    else this.choose(index === this.chosen ? null : index);
  }

  /** @param {number | null} index */
  choose(index) {
    this.chosen = index;
    this.draw();
    this.say(hintWords(this.drawing, index, this.keys));
  }

  /** Show a corner on its way; what cannot be is shown too, and refused at its end.
   * @param {number} index
   * @param {Position} position
   */
  preview(index, position) {
    this.show(this.drawing.corners.map((corner, i) => (i === index ? position : corner)));
  }

  /** @param {string} words */
  changed(words) {
    this.refused?.replaceChildren();
    this.draw();
    this.say(words);
  }

  /** @param {import("../data/ring.js").Fault} fault */
  refuse(fault) {
    this.draw();
    this.refused?.replaceChildren(el("p", {}, faultWords(fault)));
  }

  draw() {
    const { drawing, chosen, keys } = this;
    if (this.hint) this.hint.textContent = hintWords(drawing, chosen, keys);
    this.offer(this.removeButton, chosen !== null);
    this.offer(this.undoButton, drawing.before.length > 0);
    this.show(drawing.corners);
  }

  /** Show a button while there is something for it to do. Whoever stood on one that goes is led back to the map.
   * @param {HTMLElement | undefined} button
   * @param {boolean} useful
   */
  offer(button, useful) {
    if (!button) return;
    if (!useful && button === document.activeElement) this.map.getContainer().focus({ preventScroll: true });
    button.hidden = !useful;
  }

  /** @param {readonly Position[]} corners */
  show(corners) {
    const { closed, fault } = this.drawing;
    this.wishes.outline.show([corners], { closed });
    this.handles.show(corners, {
      chosen: this.chosen,
      words: (index) => handleWords(index, corners.length, index === 0 && !closed && !fault),
    });
  }

  /** @param {string} words */
  say(words) {
    if (this.said) this.said.textContent = words;
  }

  /** @param {boolean} keys whether somebody works with the keyboard, who needs to see the middle of the map */
  setKeys(keys) {
    this.keys = keys;
    this.wishes.holder.classList.toggle("by-keys", keys);
    if (this.hint) this.hint.textContent = hintWords(this.drawing, this.chosen, keys);
  }

  /** Keys on the map itself. @param {KeyboardEvent} event */
  onMapKey(event) {
    const { map } = this;
    if (event.target !== map.getContainer() || event.altKey || event.ctrlKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? FINE_PAN_PX : PAN_PX;
      map.panBy([arrow[0] * step, arrow[1] * step], { animate: false });
    } else if (event.key === "Enter") {
      const { lng, lat } = map.getCenter();
      this.tap([lng, lat]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Keys anywhere in the tool. @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      if (this.chosen === null) this.finish(null);
      else this.choose(null);
    } else if (event.key === "Tab" || event.key in ARROWS) this.setKeys(true);
  }
}

/** As Leaflet has boxes. @param {readonly Position[]} corners @returns {[[number, number], [number, number]]} */
function latLngBox(corners) {
  const [w, s, e, n] = boxOf(corners);
  return [
    [s, w],
    [n, e],
  ];
}

/**
 * Name an element to those who do not see it; `null` takes a name away.
 * @param {HTMLElement} element
 * @param {readonly (string | null)[]} named role, label and the id of what describes it
 * @returns {(string | null)[]} as it was named before
 */
function nameAs(element, named) {
  return ["role", "aria-label", "aria-describedby"].map((name, at) => {
    const before = element.getAttribute(name);
    const value = named[at];
    if (value) element.setAttribute(name, value);
    else element.removeAttribute(name);
    return before;
  });
}
