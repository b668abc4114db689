/** The box that a map shows. */

/**
 * Let a map show a box.
 * @param {import("leaflet").Map} map
 * @param {import("../data/geo.js").Box} box
 * @param {import("leaflet").FitBoundsOptions} [options]
 */
export function showBox(map, [w, s, e, n], options) {
  map.fitBounds(
    [
      [s, w],
      [n, e],
    ],
    options,
  );
}

/** The box of degrees that a map shows.
 * @param {import("leaflet").Map} map
 * @returns {import("../data/geo.js").Box}
 */
export function viewBox(map) {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}
