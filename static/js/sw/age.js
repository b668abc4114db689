/**
 * How old an answer is. A server in front of ours gives what it has kept with a `Date` of its own; when the answer was
 * made stands in `X-Answered-At` (app/web/answered_at.py), and both go with an answer that is kept.
 */
const MADE = "x-answered-at";
const SENT = "date";
/** What is older is not shown any more: it may have been taken down, and nobody has asked since. */
export const LONGEST_MS = 30 * 24 * 3600 * 1000;
/** A cache needs a moment to renew what it has; it counts in seconds. */
const PATIENCE_S = 60;

/** When our server made an answer, in milliseconds.
 * @param {Response} answer
 */
export function dateOf(answer) {
  return timeIn(answer, MADE) || timeIn(answer, SENT) || 0;
}

/** Whether an answer is older than anything may be that is shown.
 * @param {Response} answer
 * @param {number} [now] milliseconds
 */
export function isTooOld(answer, now = Date.now()) {
  return now - dateOf(answer) > LONGEST_MS;
}

/** The one of two answers that our server made last.
 * @param {Response | undefined} one
 * @param {Response | undefined} other
 */
export function newer(one, other) {
  return one && other && dateOf(other) > dateOf(one) ? other : (one ?? other);
}

/**
 * Whether a server in front has given what it could not renew in its time: ours does not answer. Both times are of
 * servers' clocks; the one of this device may show anything.
 * @param {Response} answer
 */
export function isOverdue(answer) {
  const control = answer.headers.get("cache-control") ?? "";
  const allowed_s = secondsOf("max-age", control) + secondsOf("stale-while-revalidate", control) + PATIENCE_S;
  return timeIn(answer, SENT) - dateOf(answer) > allowed_s * 1000;
}

/** Have an answer that is put together be as old as its newest part.
 * @param {Headers} headers
 * @param {Response} part
 */
export function dateLike(headers, part) {
  for (const name of [MADE, SENT]) {
    const value = part.headers.get(name);
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
}

/** @param {Response} answer @param {string} name @returns {number} milliseconds, `NaN` for none */
function timeIn(answer, name) {
  return Date.parse(answer.headers.get(name) ?? "");
}

/** @param {string} name @param {string} control */
function secondsOf(name, control) {
  return Number(control.match(new RegExp(`(?:^|[ ,])${name}=(\\d+)`))?.[1] ?? 0);
}
