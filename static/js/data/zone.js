/**
 * Instants and wall clocks of the zone in which the places are. All days are written `YYYY-MM-DD`, all instants are
 * milliseconds.
 *
 * The page says when the clocks change (app/pages/views/clock.py). The browser knows it too, but waking its library of
 * calendars takes a cheap phone a tenth of a second, and every question to it longer than a pin may.
 */

const MINUTE_MS = 60_000;
/** Where the page does not say. */
const USUAL_ZONE = "Europe/Warsaw";

/** How far the wall clock is ahead of UTC, and since when; the earliest first. @type {{ since: number, ahead: number }[]} */
let changes = [];
/** @type {Intl.DateTimeFormat | null} */
let calendar = null;

/**
 * Take over the clock of the page.
 * @param {string | undefined} written `60 1774746000:120 …`: minutes, then from which second on how many
 */
export function setClock(written) {
  changes = (written ?? "")
    .split(" ")
    .filter(Boolean)
    .map((change) => {
      const [since, ahead] = change.includes(":") ? change.split(":") : ["-Infinity", change];
      return { since: Number(since) * 1000, ahead: Number(ahead) * MINUTE_MS };
    });
  if (changes.some(({ since, ahead }) => Number.isNaN(since) || Number.isNaN(ahead))) changes = [];
}

/**
 * What the clock and the calendar on a wall show at an instant.
 * @param {number} instant
 * @returns {{ day: string, minute: number }} `minute` since the wall's midnight
 */
export function wallClock(instant) {
  const wall = new Date(instant + ahead(instant));
  return { day: wall.toISOString().slice(0, 10), minute: wall.getUTCHours() * 60 + wall.getUTCMinutes() };
}

/**
 * The instant at which the wall clock has gone `minutes` past the midnight with which `day` begins, counted as the
 * clock shows them: 600 is always 10:00. An hour that is skipped moves forward, one that comes twice is the first.
 * @param {string} day
 * @param {number} minutes
 * @returns {number}
 */
export function instantOf(day, minutes) {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS;
  const first = wanted - ahead(wanted - 7_200_000);
  return ahead(first) === wanted - first ? first : wanted - Math.min(ahead(first), ahead(wanted));
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
function ahead(instant) {
  return changes.findLast(({ since }) => since <= instant)?.ahead ?? aheadByCalendar(instant);
}

/** @param {number} instant */
function aheadByCalendar(instant) {
  calendar ??= new Intl.DateTimeFormat("en-CA", {
    timeZone: USUAL_ZONE,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const now = Object.fromEntries(calendar.formatToParts(instant).map(({ type, value }) => [type, value]));
  const wall = Date.parse(`${now.year}-${now.month}-${now.day}T${now.hour}:${now.minute}:00Z`);
  return wall - Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}
