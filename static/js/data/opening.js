/** Whether a place is open, from the few intervals that travel with every point of the map. No library, no network. */
import { daysBetween, instantOf, wallClock } from "./zone.js";

/** Closes within so many minutes: the place is still drawn solid, with the clock. */
export const SOON_MINUTES = 60;

/** So many minutes from the base day the intervals are known. */
const HORIZON = 2 * 1440;

/** @typedef {"open" | "soon" | "closed" | "unknown"} OpeningState */
/** @typedef {[start: number, end: number, state: "open" | "unknown"]} Interval minutes of the wall clock since the base day */
/**
 * @typedef {object} Opening
 * @property {OpeningState} state
 * @property {number} [minutesLeft] until it closes, real minutes; only when it closes soon
 * @property {number} [until] minute of the day at which it closes, 1440 for midnight; absent when not known
 * @property {number} [opens] minute of the day at which it opens next
 * @property {number} [inDays] 0 when it opens today, 1 tomorrow
 * @property {boolean} [always] open as far as is known
 */

/**
 * The state at `now`. No `open` member means that the hours are not known; an empty list, that it is closed throughout.
 * Outside the two days from `base` (an old copy of the data) nothing is known.
 * @param {{ base?: string | undefined, open?: Interval[] | undefined }} slim
 * @param {number} now
 * @returns {Opening}
 */
export function openingAt({ base, open }, now) {
  if (!base || !open) return { state: "unknown" };
  const clock = wallClock(now);
  const today = daysBetween(base, clock.day);
  const minute = today * 1440 + clock.minute;
  if (minute < 0 || minute >= HORIZON) return { state: "unknown" };

  const intervals = joined(open);
  const current = intervals.find(([start, end]) => start <= minute && minute < end);
  if (current?.[2] === "unknown") return { state: "unknown" };
  if (!current) return closed(intervals, minute, today);

  const [start, end] = current;
  if (end >= HORIZON) return start <= 0 ? { state: "open", always: true } : { state: "open" };
  const left = Math.ceil((instantOf(base, end) - now) / 60_000);
  const until = end - today * 1440;
  return left <= SOON_MINUTES
    ? { state: "soon", minutesLeft: Math.max(left, 1), until: dayMinute(until) }
    : { state: "open", until: dayMinute(until) };
}

/**
 * @param {Interval[]} intervals
 * @param {number} minute
 * @param {number} today
 * @returns {Opening}
 */
function closed(intervals, minute, today) {
  const next = intervals.find(([start, , state]) => start > minute && state === "open");
  if (!next) return { state: "closed" };
  return { state: "closed", opens: next[0] % 1440, inDays: Math.floor(next[0] / 1440) - today };
}

/** Intervals in order, those that touch and say the same made one: Monday until midnight and Tuesday from midnight.
 * @param {Interval[]} intervals
 * @returns {Interval[]}
 */
function joined(intervals) {
  /** @type {Interval[]} */
  const result = [];
  for (const [start, end, state] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && last[2] === state && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end, state]);
  }
  return result;
}

/** @param {number} minute */
function dayMinute(minute) {
  return minute > 1440 ? minute - 1440 : minute;
}
