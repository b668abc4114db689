/** What single words of a text say of when: a day, a date, a part of the day, an hour. As app/features/said_pieces.py reads them. */
import { foldWords } from "../data/fold.js";
import { daysBetween } from "../data/zone.js";

/**
 * @typedef {object} Times what folded phrases say of when (app/exports/kept/meanings.py)
 * @property {Record<string, number>} days
 * @property {Record<string, number[]>} weekdays
 * @property {Record<string, string>} parts
 * @property {Record<string, string>} beside
 * @property {Record<string, [days: number, part: string]>} both
 * @property {Record<string, number>} months
 * @property {Record<string, number>} hours
 * @property {string[]} before_day
 * @property {string[]} before_date
 * @property {string[]} before_hour
 * @property {string[]} behind_hour
 * @property {string[]} at_hour
 * @property {string[]} no_hours
 * @property {string[]} of_day
 * @property {string[]} counted
 * @property {string[]} until
 * @property {string[]} open
 * @property {string[]} towns
 * @property {string[]} towns_rest
 * @property {string[]} in_capitals
 * @property {string[]} streets
 * @property {number} longest
 * @property {Record<string, number[]>} by_part hours by which a part of the day is asked about, those of a whole day under ""
 */
/**
 * @typedef {object} Piece
 * @property {number} first
 * @property {number} last not included
 * @property {number} [days]
 * @property {string} [date]
 * @property {number[]} [weekdays]
 * @property {string} [part]
 * @property {number} [minute]
 * @property {boolean} [unsure]
 * @property {boolean} [early]
 * @property {boolean} [ofTwelve]
 */
/** @typedef {{ words: string[], spelt: string[], known: Times, today: string }} Text */

/** By day every hour of the clock of twelve comes once from this one on. */
export const EARLIEST_BARE = 7;
/** And up to this one: an hour of the clock of twelve may be in the evening, too. */
export const LATEST_BARE = 21;
/** Of so many days hours are known. */
export const DAYS = 14;
const CLOCK = /^([0-9]{1,2})[:.]([0-9]{2})$/;
const NUMBER = /^[0-9]{1,2}$/;
const DAY = /^([0-9]{1,2})(?:st|nd|rd|th)?$/i;
const DATE = /^([0-9]{1,2})\.([0-9]{2})$/;
const YEAR = /^20[0-9]{2}$/;

/**
 * Its words as they were typed, times and dates whole.
 * @param {string} text
 * @returns {string[]}
 */
export function speltWords(text) {
  return text.match(/[0-9]{1,2}[:.][0-9]{2}(?![0-9])|[\p{L}\p{M}\p{N}_'’ʼ]+/gu) ?? [];
}

/** @param {string} word */
export function folded(word) {
  return foldWords(word)[0] ?? "";
}

/**
 * What stands under a phrase; a phrase may be called like what every object has.
 * @template T
 * @param {Record<string, T>} table
 * @param {string} phrase
 * @returns {T | undefined}
 */
export function under(table, phrase) {
  return Object.hasOwn(table, phrase) ? table[phrase] : undefined;
}

/**
 * @param {string[]} spelt
 * @param {Times} known
 * @param {string} today
 */
export function piecesOf(spelt, known, today) {
  const words = spelt.map((word) => (CLOCK.test(word) ? word : folded(word)));
  const text = { words, spelt, known, today };
  /** @type {Piece[]} */
  const found = [];
  for (let at = 0; at < words.length; ) {
    const isCounted =
      at > (found.at(-1)?.last ?? 0) && NUMBER.test(words[at - 1] ?? "") && known.counted.includes(words[at] ?? "");
    const hour = hourAt(text, at) ?? hourBehindDay(text, at, found.at(-1));
    const piece = dateAt(text, at) ?? hour ?? (isCounted ? null : dayAt(text, at));
    if (piece) found.push(piece);
    at = piece ? piece.last : at + 1;
  }
  for (const [at, word] of words.entries()) {
    const part = under(known.beside, word);
    const touches = found.some(({ first, last, part }) => !part && (at === last || at === first - 1));
    if (part && touches && !found.some(({ first, last }) => first <= at && at < last))
      found.push({ first: at, last: at + 1, part });
  }
  return found;
}

/** @param {Text} text @param {number} at @returns {Piece | null} */
function dayAt(text, at) {
  const { words, known } = text;
  for (let length = Math.min(known.longest, words.length - at); length > 0; length -= 1) {
    const last = at + length;
    const phrase = words.slice(at, last).join(" ");
    const first = before(words, at, known.before_day);
    const both = under(known.both, phrase);
    if (both) return { first: at, last, days: both[0], part: both[1] };
    const part = under(known.parts, phrase);
    if (part) return { first: at, last, part };
    const days = under(known.days, phrase);
    if (days !== undefined) {
      const heute = words[at - 1] ?? "";
      const isMorning = under(known.beside, phrase) && (heute in known.days || heute in known.weekdays);
      return isMorning ? null : { first, last, days };
    }
    const weekdays = under(known.weekdays, phrase);
    if (weekdays && !isTown(text, at, last, first < at)) return { first, last, weekdays };
  }
  return null;
}

/** Whether a day of the week is the name of a town here, or its beginning. @param {Text} text @param {number} at @param {number} last @param {boolean} behindOn */
function isTown({ words, spelt, known }, at, last, behindOn) {
  if (known.towns_rest.includes(words[last] ?? "")) return true;
  return known.towns.includes(words[at] ?? "") && !behindOn && isUpper(spelt[at]);
}

/** @param {Text} text @param {number} at @returns {Piece | null} */
function dateAt(text, at) {
  const { words, known, today } = text;
  const digits = DATE.exec(words[at] ?? "");
  const written = digits ? { day: Number(digits[1]), month: Number(digits[2]), end: at + 1 } : dayAndMonth(text, at);
  if (!written || (at && known.streets.includes(words[at - 1] ?? ""))) return null;
  const { day, month, end } = written;
  const begins = before(words, at, known.before_date);
  const isTold = begins < at;
  const isFrom = before(words, at, known.before_hour) < at || before(words, at, known.until) < at;
  if (!isTold && isFrom && !(digits && day > 23)) return null;
  const year = YEAR.exec(words[end] ?? "")?.[0];
  const date = nextDate(day, month, year, today);
  const last = end + (year ? 1 : 0);
  const following = words[last] ?? "";
  if (/^\p{Nd}/u.test(following) && !DATE.test(following) && !hourAt(text, last)) return null;
  const ahead = date ? daysBetween(today, date) : -1;
  if (!date || !(isTold || year || (ahead >= 0 && ahead < DAYS))) return null;
  const first = Math.min(begins, before(words, at, known.before_day));
  return { first, last, date, unsure: !(isTold || year || digits) };
}

/** @param {Text} text @param {number} at */
function dayAndMonth({ words, spelt, known }, at) {
  const second = at + (words[at + 1] === "of" ? 2 : 1);
  if (second >= words.length) return null;
  for (const [number, name] of [
    [at, second],
    [second, at],
  ]) {
    const day = DAY.exec(words[Number(number)] ?? "")?.[1];
    const word = words[Number(name)] ?? "";
    const month = under(known.months, word);
    if (day && month && (isLower(spelt[Number(name)]) || known.in_capitals.includes(word)))
      return { day: Number(day), month, end: second + 1 };
  }
  return null;
}

/** @param {number} day @param {number} month @param {string | undefined} year @param {string} today */
function nextDate(day, month, year, today) {
  const thisYear = Number(today.slice(0, 4));
  for (const ofYear of year ? [Number(year)] : [thisYear, thisYear + 1]) {
    const when = new Date(Date.UTC(ofYear, month - 1, day));
    const date = when.toISOString().slice(0, 10);
    if (when.getUTCMonth() === month - 1 && when.getUTCDate() === day && (year || date >= today)) return date;
  }
  return null;
}

/** @param {Text} text @param {number} at @returns {Piece | null} */
function hourAt({ words, known }, at) {
  const word = words[at] ?? "";
  const clock = CLOCK.exec(word);
  const inWords = under(known.hours, word);
  if (!(clock || NUMBER.test(word) || inWords)) return null;
  const hour = clock ? Number(clock[1]) : (inWords ?? Number(word));
  const minute = clock ? Number(clock[2]) : 0;
  if (hour > 23 || minute > 59 || before(words, at, known.until) < at) return null;
  const first = before(words, at, known.before_hour);
  let last = at + 1;
  if (inWords && (first === at || known.no_hours.includes(words[last] ?? ""))) return null;
  const isHour = known.behind_hour.includes(words[last] ?? "");
  if (isHour) last += 1;
  const following = words[last] ?? "";
  const part = under(known.parts, following) ?? under(known.beside, following);
  const withColon = !!clock && word.includes(":");
  const isTold = withColon || isHour || known.of_day.includes(following);
  if (!isTold && first === at) return null;
  const isSmall = hour < EARLIEST_BARE && first < at;
  const saidSmall = isSmall && (isHour || known.at_hour.includes(words.slice(first, at).join(" ")));
  const ofTwelve = !clock && hour <= 12 && (!!inWords || saidSmall);
  const early = hour < EARLIEST_BARE && !(withColon || part || ofTwelve);
  return { first, last, minute: hour * 60 + minute, unsure: !(isTold || part), early, ofTwelve };
}

/**
 * The bare number right behind "today" or "tomorrow": an hour at which places are open. Behind Saturday it may be a date.
 * @param {Text} text @param {number} at @param {Piece | undefined} day @returns {Piece | null}
 */
function hourBehindDay({ words, known }, at, day) {
  const hour = NUMBER.test(words[at] ?? "") ? Number(words[at]) : -1;
  if (day?.last !== at || day.days === undefined || hour < EARLIEST_BARE || hour > LATEST_BARE) return null;
  const following = words[at + 1] ?? "";
  if (known.counted.includes(following) || following in known.months) return null;
  return { first: at, last: at + 1, minute: hour * 60, unsure: true };
}

/** Where the words begin that belong to what stands at `at`. @param {string[]} words @param {number} at @param {string[]} known */
function before(words, at, known) {
  for (const length of [3, 2, 1])
    if (at >= length && known.includes(words.slice(at - length, at).join(" "))) return at - length;
  return at;
}

function isUpper(word = "") {
  const first = word[0] ?? "";
  return first !== first.toLowerCase();
}

function isLower(word = "") {
  const first = word[0] ?? "";
  return first !== first.toUpperCase();
}
