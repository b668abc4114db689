/** How long ago somebody checked a place: the ring round its marker. */
import { daysBetween, wallClock } from "./zone.js";

/** @typedef {"full" | "half" | "none"} Ring */

/**
 * @param {string | undefined} checked day of the last check, absent for never
 * @param {number} now
 * @returns {{ ring: Ring, days: number | null }} `days` since the check
 */
export function freshness(checked, now) {
  if (!checked) return { ring: "none", days: null };
  const days = Math.max(0, daysBetween(checked, wallClock(now).day));
  return { ring: days <= 90 ? "full" : days <= 180 ? "half" : "none", days };
}
