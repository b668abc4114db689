import assert from "node:assert/strict";
import { it } from "node:test";
import { clockText, dayText } from "../../../static/js/data/format.js";
import { distanceM, parsePosition, walkMinutes } from "../../../static/js/data/geo.js";
import { openingAt } from "../../../static/js/data/opening.js";
import { parseQuery } from "../../../static/js/data/query.js";
import { thenOf } from "../../../static/js/data/then.js";
import { instantOf, wallClock } from "../../../static/js/data/zone.js";
import { speak, spoken, t } from "../../../static/js/i18n.js";

const words = { t, spoken, clockText, dayText };
const tools = { ...words, wallClock, instantOf, openingAt, parsePosition, distanceM, walkMinutes };
/** @param {string} search */
const asking = (search) => thenOf(parseQuery(search), tools);
const noon = Date.parse("2026-11-21T12:00:00+01:00");
const weekday = { base: "2026-11-21", open: [[600, 1080, "open"]] };

/** What a pin says at noon of the moment that was asked about. */
const said = (asked, slim = weekday, unknown = false) => {
  const then = asking(`open_at=${encodeURIComponent(asked)}${unknown ? "&hours=unknown" : ""}`);
  const opening = then.opening(slim);
  return [opening?.state, opening && then.words(opening, noon)];
};

it("says how a place is at the moment that was asked about, until when as far as that is known", () => {
  speak("en", {});
  assert.deepEqual(said("2026-11-21T14:30"), ["open", "Open at 14:30, until 18:00"]);
  assert.deepEqual(said("2026-11-21T17:30"), ["soon", "Open at 17:30, until 18:00"]);
  assert.deepEqual(said("2026-11-21T13:30:00Z"), ["open", "Open at 14:30, until 18:00"]);
  // One of its services alone, and a day that does not travel with the place.
  assert.deepEqual(said("2026-11-21T20:00"), ["open", "Open at 20:00"]);
  assert.deepEqual(said("2026-12-01T09:00"), ["open", "Open on Tuesday, December\u00a01 at 9:00"]);
  const night = { base: "2026-11-21", open: [[2400, 2760, "open"]] };
  assert.deepEqual(said("2026-11-22T20:00", night), ["open", "Open on Sunday, November\u00a022 at 20:00, until 22:00"]);
});

it("says nothing of a moment where nobody knows the hours, or the place is closed for good", () => {
  assert.deepEqual(said("2026-11-21T14:30", weekday, true), ["unknown", ""]);
  assert.deepEqual(said("2026-11-21T14:30", { ...weekday, closed: true }), [undefined, undefined]);
});

it("counts minutes from the step of five at which the server is", () => {
  const minutes = (asking("open_at=PT90M").moment - Date.now()) / 60_000;
  assert.ok(minutes > 84 && minutes <= 90, String(minutes));
});

it("says how each place is when somebody is there who sets out now on foot", () => {
  const STEP_MS = 5 * 60_000;
  const now = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  const today = wallClock(now).day;
  const slim = { base: today, open: [[0, 2880, "open"]] };
  const walk = (/** @type {[number, number] | undefined} */ position) => {
    const then = asking("open_at=arrival&near=20.6,50.8");
    const opening = then.opening(slim, position);
    return ((opening?.at ?? 0) - then.moment) / 60_000;
  };
  // Some 3.5 km and streets that do not run straight; what has no position is there at once.
  assert.equal(walk([20.65, 50.8]), walkMinutes(distanceM([20.6, 50.8], [20.65, 50.8])));
  assert.ok(walk([20.65, 50.8]) > 50);
  assert.equal(walk(undefined), 0);
});
