/** Instants and wall clocks of one time zone. All days are written `YYYY-MM-DD`, all instants are milliseconds. */

export const ZONE = "Europe/Warsaw";

const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

/**
 * What the clock and the calendar on a wall show at an instant.
 * @param {number} instant
 * @returns {{ day: string, minute: number }} `minute` since the wall's midnight
 */
export function wallClock(instant) {
  const now = Object.fromEntries(parts.formatToParts(instant).map(({ type, value }) => [type, value]));
  return { day: `${now.year}-${now.month}-${now.day}`, minute: Number(now.hour) * 60 + Number(now.minute) };
}

/**
 * The instant at which the wall clock has gone `minutes` past the midnight with which `day` begins, counted as the
 * clock shows them: 600 is always 10:00. An hour that is skipped moves forward, one that comes twice is the first.
 * @param {string} day
 * @param {number} minutes
 * @returns {number}
 */
export function instantOf(day, minutes) {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000;
  const first = wanted - offset(wanted - 7_200_000);
  return offset(first) === wanted - first ? first : wanted - Math.min(offset(first), offset(wanted));
}

/**
 * How many days lie between two days of the calendar.
 * @param {string} from
 * @param {string} to
 */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** How far the wall clock is ahead of UTC at an instant.
 * @param {number} instant
 */
function offset(instant) {
  const { day, minute } = wallClock(instant);
  const whole = Math.floor(instant / 60_000) * 60_000;
  return Date.parse(`${day}T00:00:00Z`) + minute * 60_000 - whole;
}
