/** Where the visitor is. The position stays in this page: only the box of the map that follows is ever sent. */

/** @typedef {{ position: import("../data/geo.js").Position, accuracy_m: number }} Whereabouts */

/**
 * Asks the browser once. Rejects where it does not know, or may not say.
 * @returns {Promise<Whereabouts>}
 */
export function whereAmI() {
  return new Promise((resolve, reject) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ position: [coords.longitude, coords.latitude], accuracy_m: coords.accuracy }),
      reject,
      { enableHighAccuracy: true, timeout: 12_000, maximumAge: 60_000 },
    ),
  );
}
