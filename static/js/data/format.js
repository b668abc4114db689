/** Numbers, distances and times as people of a language write them. */

/** Distance: `450 m`, `1,4 km`, `35 km`.
 * @param {number} metres
 * @param {string} lang
 */
export function distanceText(metres, lang) {
  if (metres < 975) return `${number(metres < 100 ? Math.max(10, round(metres, 10)) : round(metres, 50), lang, 0)} m`;
  return `${number(metres / 1000, lang, metres < 9950 ? 1 : 0)} km`;
}

/** Minute of a day as a clock: `9:00`, `18:30`; midnight at the end of a day is `24:00`.
 * @param {number} minute
 */
export function clockText(minute) {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}

/** The number on a cluster: whole up to 999, then short: `1,2 tys.`.
 * @param {number} count
 * @param {string} lang
 */
export function countText(count, lang) {
  if (count <= 999) return String(count);
  return new Intl.NumberFormat(lang, { notation: "compact", maximumFractionDigits: count < 10_000 ? 1 : 0 }).format(
    count,
  );
}

/** @param {number} value @param {string} lang @param {number} digits */
function number(value, lang, digits) {
  return new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value);
}

/** @param {number} value @param {number} step */
function round(value, step) {
  return Math.round(value / step) * step;
}
