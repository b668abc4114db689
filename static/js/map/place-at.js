/**
 * Where things of ours stand on the map: in two dimensions. What is placed in three, as Leaflet does it, gets a surface
 * of its own from the browser, and a hundred of those make each frame of a movement dear.
 */

/** How much of the view lies ready beyond each of its edges, as a share of it: so far a map can be dragged at once. */
const BEYOND = 0.5;

/**
 * @param {HTMLElement} element
 * @param {import("leaflet").Point} where in pixels of the map's layers
 */
export function placeAt(element, { x, y }) {
  element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

/**
 * The part of the world that is worth drawing now: the view and as much again, half on each side.
 * @param {import("leaflet").Map} map
 * @param {number} [beyond] of the view, on each side
 * @returns {import("leaflet").LatLngBounds}
 */
export function drawnPart(map, beyond = BEYOND) {
  return map.getBounds().pad(beyond);
}
