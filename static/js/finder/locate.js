/** Where the visitor is. The position stays in this page: only the box of the map that follows is ever sent. */

/** @typedef {{ position: import("../data/geo.js").Position, accuracy_m: number }} Whereabouts */

/**
 * Asks the browser once. Rejects with `denied` (the visitor said no, or the site may not ask) or `unknown`.
 * @returns {Promise<Whereabouts>}
 */
export function whereAmI() {
  return new Promise((resolve, reject) => {
    if (!("geolocation" in navigator)) {
      reject(new Error("unknown"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ position: [coords.longitude, coords.latitude], accuracy_m: coords.accuracy }),
      ({ code }) => reject(new Error(code === 1 ? "denied" : "unknown")),
      { enableHighAccuracy: true, timeout: 12_000, maximumAge: 60_000 },
    );
  });
}
