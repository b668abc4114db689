/** Makes a Leaflet map of ours: keyboard, no controls of Leaflet's own, outline at once, the better base map over it. */
import { el } from "../dom.js";
import { addBasemap } from "./basemap.js";
import { showBox } from "./boxes.js";
import { LeafletMap } from "./leaflet.js";

export { showBox, viewBox } from "./boxes.js";

export const MAX_ZOOM = 19;

/** How pages may ask for a map of another manner.
 * @typedef {{ fixed?: boolean, wheel?: boolean }} Manner `fixed` maps are pictures: they do not move
 */

/**
 * @param {HTMLElement} element becomes the map; what it held (a message for pages without script) goes
 * @param {import("./config.js").MapConfig} config
 * @param {Manner} [manner]
 */
export function createMap(element, config, { fixed = false, wheel = true } = {}) {
  element.replaceChildren();
  element.classList.add("map");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new LeafletMap(element, {
    zoomControl: false,
    attributionControl: false,
    minZoom: 4,
    maxZoom: MAX_ZOOM,
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
    keyboard: !fixed,
    dragging: !fixed,
    touchZoom: !fixed,
    doubleClickZoom: !fixed,
    scrollWheelZoom: !fixed && wheel,
    worldCopyJump: false,
  });
  if (still) neverSlide(map);
  showBox(map, config.bounds, { animate: false });
  if (!fixed) expectMoves(map);
  const basemap = addBasemap(map, config);
  return { map, basemap };
}

/**
 * Leaflet slides to what has opened at its edge and along with the arrow keys whatever a person has asked their system
 * for: here the map is there at once.
 * @param {import("leaflet").Map} map
 */
function neverSlide(map) {
  const panBy = map.panBy.bind(map);
  map.panBy = (offset, options) => panBy(offset, { ...options, animate: false });
}

/**
 * Let the browser know that the map is going to move. A frame in which it has moved then costs one matrix; otherwise
 * Chromium puts the layers of the whole page together anew, which takes longer than a frame may on a cheap phone. It
 * only does so for what is animated: here is an animation that stands still and adds nothing.
 * @param {import("leaflet").Map} map
 */
function expectMoves(map) {
  const nothing = ["translateX(0)", "translateX(0)"];
  map.getPane("mapPane")?.animate?.({ transform: nothing }, { duration: 1000, composite: "add" }).pause();
}

/** Whose names stand on the built-in map (CC BY 4.0). */
const NAMES = { words: "GeoNames", href: "https://www.geonames.org/" };

/**
 * The line that says who made the map, in `holder`, which stands on the map.
 * @param {HTMLElement} holder
 * @param {import("./config.js").Basemap} basemap
 */
export function showCredit(holder, { attribution, attributionUrl }) {
  const sources = [...(attribution ? [{ words: attribution, href: attributionUrl }] : []), NAMES];
  const credit = el("p", { class: "credit" });
  for (const { words, href } of sources) {
    if (credit.childNodes.length) credit.append(", ");
    credit.append(href ? el("a", { href, rel: "noopener" }, words) : words);
  }
  for (const old of holder.querySelectorAll(":scope > .credit")) old.remove();
  holder.append(credit);
}
