/** Numbers, distances and times as people of a language write them. */

/** Languages that write units in their own letters. */
const CYRILLIC = new Set(["uk", "ru"]);

/** Distance, as the server writes it: `450 m` to the nearest ten, `1,4 km` to the nearest hundred, `35 km` from ten.
 * @param {number} metres
 * @param {string} lang
 */
export function distanceText(metres, lang) {
  const [metre, kilometre] = CYRILLIC.has(lang) ? ["м", "км"] : ["m", "km"];
  if (metres < 950) return `${Math.max(10, Math.round(metres / 10) * 10)}\u00a0${metre}`;
  const kilometres = metres < 9950 ? Math.round(metres / 100) / 10 : Math.round(metres / 1000);
  return `${new Intl.NumberFormat(lang).format(kilometres)}\u00a0${kilometre}`;
}

/** Minute of a day as a clock: `9:00`, `18:30`; midnight at the end of a day is `24:00`.
 * @param {number} minute
 */
export function clockText(minute) {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}

/** A day as a sentence names it: `26 listopada`.
 * @param {string} day
 * @param {string} lang
 */
export function dayText(day, lang) {
  return new Intl.DateTimeFormat(lang, { day: "numeric", month: "long", timeZone: "UTC" }).format(Date.parse(day));
}

const LARGEST_WHOLE = 999;

/** The number on a cluster: whole up to 999, then short: `1,2 tys.`.
 * @param {number} count
 * @param {string} lang
 */
export function countText(count, lang) {
  if (count <= LARGEST_WHOLE) return String(count);
  return new Intl.NumberFormat(lang, { notation: "compact", maximumFractionDigits: count < 10_000 ? 1 : 0 }).format(
    count,
  );
}

/** The number whose plural goes with `countText`: short ones count thousands, `1,2 tys. miejsc` and not `miejsca`.
 * @param {number} count
 */
export function roundCount(count) {
  return count <= LARGEST_WHOLE ? count : Math.ceil(count / 1000) * 1000;
}
