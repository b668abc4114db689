/** The one text field of a position, `50.870300, 20.627500`, latitude first as maps show it. */

/**
 * @param {string} text
 * @returns {import("../data/geo.js").Position | null} `[lng, lat]`; `null` for anything but two plain numbers
 */
export function readPosition(text) {
  const [, lat, lng] = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text) ?? [];
  if (lat === undefined || lng === undefined) return null;
  const position = /** @type {import("../data/geo.js").Position} */ ([Number(lng), Number(lat)]);
  return Math.abs(position[0]) <= 180 && Math.abs(position[1]) <= 90 ? position : null;
}

/** @param {import("../data/geo.js").Position} position */
export function positionText([lng, lat]) {
  return `${lat.toFixed(6)}, ${lng.toFixed(6)}`;
}
