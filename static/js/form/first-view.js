/** Where the map of a form begins when nothing is written yet: nobody looks for a door on half a continent. */
import { latLngBounds } from "../map/leaflet.js";

/**
 * Let a map show a box from one edge to the other, the way in which the box fills the map best: what is left over of it
 * is cut, where `showBox` would show as much again of its neighbours.
 * @param {import("leaflet").Map} map
 * @param {import("../data/geo.js").Box} box
 */
export function showFilled(map, [w, s, e, n]) {
  const box = latLngBounds([s, w], [n, e]);
  const zoom = Math.max(map.getBoundsZoom(box), map.getBoundsZoom(box, true) - 1);
  map.setView(box.getCenter(), zoom, { animate: false });
}
