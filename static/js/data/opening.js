/** Whether a place is open, from the few intervals that travel with every point of the map. No library, no network. */
import { instantOf } from "./zone.js";

/** Closes within so many minutes: the place is still drawn solid, with the clock. */
export const SOON_MINUTES = 60;

/** So many minutes from the base day's midnight the intervals are known. */
const HORIZON = 48 * 60;
const MINUTE_MS = 60_000;

/** @typedef {"open" | "soon" | "closed" | "unknown"} OpeningState */
/**
 * Minutes that pass after the midnight with which the base day begins; not positions of the clock, so that a day on
 * which the clock changes is right, too.
 * @typedef {[start: number, end: number, state: "open" | "unknown"]} Interval
 */
/** @typedef {{ base?: string | undefined, open?: Interval[] | undefined, closed?: boolean | undefined, later?: number | undefined }} Hours */
/**
 * @typedef {object} Opening
 * @property {OpeningState} state
 * @property {number} [minutesLeft] until it closes, when it closes soon
 * @property {number} [until] instant at which it closes; absent when not known
 * @property {number} [opens] instant at which it opens next
 * @property {boolean} [always] open as far as is known
 * @property {boolean} [hourless] an organisation: hours say nothing of it, and neither does its sign
 */

/** What has no hours is drawn as what is open, without a word (app/pages/views/hit.py). @type {Opening} */
export const HOURLESS = { state: "open", hourless: true };

/**
 * The state at `now`. No `open` member means that the hours are not known; an empty list, that it is closed throughout.
 * Outside the two days from `base` (an old copy of the data) nothing is known but `later`, the first minute after them at
 * which it opens. `closed` is a place that is shut for longer, whatever its hours.
 * @param {Hours} slim
 * @param {number} now
 * @returns {Opening}
 */
export function openingAt({ base, open, closed, later }, now) {
  if (closed) return { state: "closed" };
  if (!base || !open) return { state: "unknown" };
  const midnight = instantOf(base, 0);
  const minute = (now - midnight) / MINUTE_MS;
  if (minute < 0 || minute >= HORIZON) return { state: "unknown" };

  const intervals = joined(open);
  const current = intervals.find(([start, end]) => start <= minute && minute < end);
  if (!current) {
    const next = intervals.find(([start, , state]) => start > minute && state === "open")?.[0] ?? later;
    return next === undefined ? { state: "closed" } : { state: "closed", opens: midnight + next * MINUTE_MS };
  }
  const [start, end, state] = current;
  if (state === "unknown") return { state };
  if (end >= HORIZON) return start <= 0 ? { state: "open", always: true } : { state: "open" };
  const until = midnight + end * MINUTE_MS;
  const left = end - minute;
  return left <= SOON_MINUTES
    ? { state: "soon", minutesLeft: Math.max(1, Math.ceil(left)), until }
    : { state: "open", until };
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
