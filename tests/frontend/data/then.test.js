import assert from "node:assert/strict";
import { it } from "node:test";
import { clockText, dayText } from "../../../static/js/data/format.js";
import { openingAt } from "../../../static/js/data/opening.js";
import { thenOf } from "../../../static/js/data/then.js";
import { instantOf, wallClock } from "../../../static/js/data/zone.js";
import { speak, spoken, t } from "../../../static/js/i18n.js";

const tools = { t, spoken, clockText, dayText, wallClock, instantOf, openingAt };
const noon = Date.parse("2026-11-21T12:00:00+01:00");
const weekday = { base: "2026-11-21", open: [[600, 1080, "open"]] };

/** What a pin says at noon of the moment that was asked about. */
const said = (asked, slim = weekday, unknown = false) => {
  const then = thenOf(asked, unknown, tools);
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
  assert.deepEqual(said("2026-12-01T09:00"), ["open", "Open on December 1 at 9:00"]);
  const night = { base: "2026-11-21", open: [[2400, 2760, "open"]] };
  assert.deepEqual(said("2026-11-22T20:00", night), ["open", "Open on November 22 at 20:00, until 22:00"]);
});

it("says nothing of a moment where nobody knows the hours, or the place is closed for good", () => {
  assert.deepEqual(said("2026-11-21T14:30", weekday, true), ["unknown", ""]);
  assert.deepEqual(said("2026-11-21T14:30", { ...weekday, closed: true }), [undefined, undefined]);
});

it("counts minutes from the step of five at which the server is", () => {
  const minutes = (thenOf("PT90M", false, tools).moment - Date.now()) / 60_000;
  assert.ok(minutes > 84 && minutes <= 90, String(minutes));
});
