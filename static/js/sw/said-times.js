/**
 * When somebody wants to come, read out of what they typed about a kept area, and as moments that the filter knows: by the
 * same rules as the server's (app/features/said_times.py), with its words.
 */
import { daysBetween, wallClock } from "../data/zone.js";
import { DAYS, EARLIEST_BARE, folded, LATEST_BARE, piecesOf, speltWords, under } from "./said-pieces.js";

/** @typedef {import("./said-pieces.js").Times} Times */
/**
 * @typedef {object} SaidTime
 * @property {number | undefined} days from today on
 * @property {string | undefined} date
 * @property {number[]} weekdays 1 is Monday; any of several
 * @property {string | undefined} part of the day
 * @property {number[]} minutes since midnight, the likelier first
 * @property {string} words that say it
 * @property {string} rest
 * @property {boolean} sure
 * @property {boolean} isBare something may be called so
 * @property {boolean} wantsHelp it says a time only beside help
 */

const DAY_BEGINS = 7;
const HALF_DAY_MINUTES = 720;
const STEP_MS = 300_000;
const HALF_DAY = /\b([0-9]{1,2})(?:[:.]([0-9]{2}))?\s?([ap])\.?m\b\.?/gi;
const H = /\b([0-9]{1,2})\s?h(?:rs)?\b/gi;

/**
 * @param {string} typed
 * @param {Times} known
 * @param {string} today
 * @param {boolean} [onlySure]
 * @returns {SaidTime | null}
 */
export function saidTime(typed, known, today, onlySure = false) {
  const spelt = speltWords(in24Hours(typed, known));
  let pieces = piecesOf(spelt, known, today);
  if (!pieces.some(({ part }) => part)) pieces = pieces.filter(({ early }) => !early);
  if (onlySure) pieces = pieces.filter(({ unsure }) => !unsure);
  const days = distinct(daysOf(pieces), ({ days, date, weekdays }) => `${days} ${date} ${weekdays}`);
  const parts = distinct(pieces.filter(({ part }) => part));
  const hours = distinct(
    pieces.filter(({ minute }) => minute !== undefined),
    ({ minute, ofTwelve }) => `${minute} ${!!ofTwelve}`,
  );
  if (!pieces.length || days.length > 1 || parts.length > 1 || hours.length > 1) return null;
  const isSaid = (/** @type {number} */ at) => pieces.some(({ first, last }) => first <= at && at < last);
  const words = spelt.filter((_, at) => isSaid(at)).join(" ");
  const part = parts[0]?.part;
  const { days: ahead, date, weekdays = [] } = days[0] ?? {};
  const sure = !pieces.some(({ unsure }) => unsure);
  const wantsHelp = !!date && !sure;
  return {
    ...{ days: ahead, date, weekdays, part, words, sure, wantsHelp },
    minutes: hours[0] ? byPart(hours[0].minute ?? 0, !!hours[0].ofTwelve, part) : [],
    rest: spelt.filter((word, at) => !isSaid(at) && !known.open.includes(folded(word))).join(" "),
    isBare: wantsHelp || (ahead === undefined && !date && !words.includes(" ")),
  };
}

/**
 * The moments that may be meant, the likeliest first, as `open_at` has them.
 * @param {SaidTime} said
 * @param {Times} known
 * @param {number} now milliseconds
 * @returns {string[]}
 */
export function moments(said, known, now) {
  // The server's now moves on in such steps.
  const { day, minute } = wallClock(Math.floor(now / STEP_MS) * STEP_MS);
  const hours = said.minutes.length
    ? said.minutes
    : (under(known.by_part, said.part ?? "") ?? []).map((hour) => hour * 60);
  const today = hours.filter((hour) => hour >= minute);
  const isNow = said.days === 0 && !said.part && !said.minutes.length && minute >= DAY_BEGINS * 60;
  return [
    ...(isNow ? ["now"] : []),
    ...daysAhead(said, day, !today.length).flatMap((ahead) =>
      (ahead ? hours : today).map((hour) => `${dayAfter(day, ahead)}T${clock(hour)}`),
    ),
  ];
}

/** @param {SaidTime} said @param {string} today @param {boolean} isOver nothing is left of it today */
function daysAhead(said, today, isOver) {
  if (said.days !== undefined) return [said.days];
  if (said.date) {
    const ahead = daysBetween(today, said.date);
    return ahead >= 0 && ahead < DAYS ? [ahead] : [];
  }
  if (said.weekdays.length) {
    const first = new Date(today).getUTCDay() || 7;
    return said.weekdays.map((weekday) => (weekday - first + 7) % 7 || (isOver ? 7 : 0)).sort((a, b) => a - b);
  }
  if (isOver) return [1];
  return said.minutes.length > 1 ? [0, 1] : [0];
}

/** @param {string} day @param {number} ahead */
function dayAfter(day, ahead) {
  return new Date(Date.parse(day) + ahead * 86_400_000).toISOString().slice(0, 10);
}

/** @param {number} minute */
function clock(minute) {
  return [Math.floor(minute / 60), minute % 60].map((n) => String(n).padStart(2, "0")).join(":");
}

/** The day of the week of a date, where it is the right one, says no other. @param {import("./said-pieces.js").Piece[]} pieces */
function daysOf(pieces) {
  const dates = [...new Set(pieces.flatMap(({ date }) => (date ? [new Date(date).getUTCDay() || 7] : [])))];
  const [ofDate = 0] = dates.length === 1 ? dates : [];
  return pieces.filter(
    ({ days, date, weekdays }) => days !== undefined || date || (weekdays && !weekdays.includes(ofDate)),
  );
}

/** @param {number} minute @param {boolean} ofTwelve @param {string | undefined} part */
function byPart(minute, ofTwelve, part) {
  const later = minute + HALF_DAY_MINUTES;
  if ((part === "afternoon" || part === "evening") && minute < HALF_DAY_MINUTES) return [later];
  if (!ofTwelve || part) return [minute];
  if (minute < EARLIEST_BARE * 60) return [later];
  return later <= LATEST_BARE * 60 ? [minute, later] : [minute];
}

/** The text with "6 pm" as 18:00 and "18h" as 18:00. @param {string} typed @param {Times} known */
function in24Hours(typed, known) {
  return typed
    .normalize("NFC")
    .replace(HALF_DAY, (all, hour, minute = "00", half, at, text) => {
      const isAm = half === "a" || half === "A";
      const following = text.slice(at + all.length + 1);
      const [next = ""] = speltWords(following);
      const word = following.startsWith(next) ? folded(next) : "";
      // "Hauptstraße 6 am Abend"
      const isGerman = isAm && (under(known.weekdays, word) || under(known.parts, `am ${word}`));
      if (hour < 1 || hour > 12 || minute > 59 || isGerman) return all;
      return `${(hour % 12) + (isAm ? 0 : 12)}:${minute}`;
    })
    .replace(H, (all, hour) => (hour < 24 ? `${hour}:00` : all));
}

/**
 * The first of each kind.
 * @template {{ part?: string | undefined }} T
 * @param {T[]} pieces
 * @param {(piece: T) => string} kind
 */
function distinct(pieces, kind = ({ part }) => `${part}`) {
  return [...new Map(pieces.map((piece) => [kind(piece), piece])).values()];
}
