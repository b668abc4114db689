import assert from "node:assert/strict";
import { describe, it } from "node:test";

process.env.TZ = "Europe/Warsaw"; // The oracle reads wall clocks of the process.
const { openingAt } = await import("../../../static/js/data/opening.js");
const { default: OpeningHours } = await import("opening_hours");

const at = (text) => Date.parse(text);
const DAY = "2026-11-21"; // a Saturday, UTC+1
const weekday = { base: DAY, open: [[600, 1080, "open"]] };

describe("opening state", () => {
  it("is open, closes soon, is closed and says when it opens", () => {
    assert.deepEqual(openingAt(weekday, at("2026-11-21T12:00:00+01:00")), {
      state: "open",
      until: at("2026-11-21T18:00:00+01:00"),
    });
    const soon = openingAt(weekday, at("2026-11-21T17:20:00+01:00"));
    assert.equal(soon.state, "soon");
    assert.equal(soon.minutesLeft, 40);
    assert.deepEqual(openingAt(weekday, at("2026-11-21T09:00:00+01:00")), {
      state: "closed",
      opens: at("2026-11-21T10:00:00+01:00"),
    });
    assert.deepEqual(openingAt(weekday, at("2026-11-21T18:00:00+01:00")), { state: "closed" });
  });

  it("says when it opens after two days", () => {
    const later = { base: DAY, open: [], later: 3 * 1440 + 540 };
    assert.deepEqual(openingAt(later, at("2026-11-21T19:00:00+01:00")), {
      state: "closed",
      opens: at("2026-11-24T09:00:00+01:00"),
    });
  });

  it("has its borders at sixty minutes and at the closing minute itself", () => {
    assert.equal(openingAt(weekday, at("2026-11-21T16:59:59+01:00")).state, "open");
    assert.equal(openingAt(weekday, at("2026-11-21T17:00:00+01:00")).state, "soon");
    assert.equal(openingAt(weekday, at("2026-11-21T17:59:59+01:00")).minutesLeft, 1);
    assert.equal(openingAt(weekday, at("2026-11-21T10:00:00+01:00")).state, "open");
  });

  it("is unknown without hours, outside the two days, and where the hours say so", () => {
    const noon = at("2026-11-21T12:00:00+01:00");
    assert.equal(openingAt({}, noon).state, "unknown");
    assert.equal(openingAt({ base: DAY }, noon).state, "unknown");
    assert.equal(openingAt(weekday, at("2026-11-20T23:59:00+01:00")).state, "unknown");
    assert.equal(openingAt(weekday, at("2026-11-23T00:00:00+01:00")).state, "unknown");
    assert.equal(openingAt({ base: DAY, open: [[600, 1080, "unknown"]] }, noon).state, "unknown");
  });

  it("is closed throughout with no intervals, and when the place is shut whatever its hours", () => {
    const noon = at("2026-11-21T12:00:00+01:00");
    assert.deepEqual(openingAt({ base: DAY, open: [] }, noon), { state: "closed" });
    assert.deepEqual(openingAt({ ...weekday, closed: true }, noon), { state: "closed" });
  });

  it("goes on over midnight, in one interval or in two that touch", () => {
    const late = at("2026-11-21T23:50:00+01:00");
    const end = at("2026-11-22T02:00:00+01:00");
    assert.deepEqual(openingAt({ base: DAY, open: [[1200, 1560, "open"]] }, late), { state: "open", until: end });
    assert.deepEqual(
      openingAt(
        {
          base: DAY,
          open: [
            [1440, 1560, "open"],
            [1200, 1440, "open"],
          ],
        },
        late,
      ),
      { state: "open", until: end },
    );
  });

  it("knows a place that never closes, and one whose end it cannot know", () => {
    const noon = at("2026-11-21T12:00:00+01:00");
    assert.deepEqual(openingAt({ base: DAY, open: [[0, 2880, "open"]] }, noon), { state: "open", always: true });
    assert.deepEqual(openingAt({ base: DAY, open: [[600, 2880, "open"]] }, noon), { state: "open" });
  });

  it("counts minutes that pass on days on which the clock changes", () => {
    // 25 October 2026: 03:00 becomes 02:00, so 10:00 is eleven hours after midnight.
    const autumn = { base: "2026-10-25", open: [[660, 1140, "open"]] };
    assert.equal(openingAt(autumn, at("2026-10-25T09:59:00+01:00")).state, "closed");
    assert.equal(openingAt(autumn, at("2026-10-25T10:00:00+01:00")).state, "open");
    assert.equal(openingAt(autumn, at("2026-10-25T17:30:00+01:00")).minutesLeft, 30);
    // 28 March 2027: 02:00 becomes 03:00, so 10:00 is nine hours after midnight.
    const spring = { base: "2027-03-28", open: [[540, 1020, "open"]] };
    assert.equal(openingAt(spring, at("2027-03-28T09:59:00+02:00")).state, "closed");
    assert.equal(openingAt(spring, at("2027-03-28T10:00:00+02:00")).state, "open");
  });

  it("agrees with opening_hours.js at every quarter of an hour of two days", () => {
    const expressions = [
      "Mo-Fr 09:00-17:00; Sa 10:00-14:00",
      "Mo-Su 22:00-06:00",
      "24/7",
      "Mo-Fr 08:00-12:00,13:00-16:00; PH off",
      "Sa,Su 00:00-24:00",
      "Mo-Sa 07:30-21:15",
      "We 14:00-18:00",
    ];
    for (const expression of expressions) {
      for (const day of ["2026-10-24", "2026-10-25", "2026-11-20", "2027-03-27", "2027-03-28"]) {
        const oracle = new OpeningHours(expression, {
          lat: 50.87,
          lon: 20.63,
          address: { country_code: "pl", state: "Świętokrzyskie" },
        });
        const midnight = new Date(`${day}T00:00:00`).getTime();
        const slim = { base: day, open: intervalsOf(oracle, midnight) };
        for (let quarter = 0; quarter < 48 * 4; quarter++) {
          const now = midnight + quarter * 900_000;
          const ours = openingAt(slim, now).state;
          assert.equal(
            ours === "open" || ours === "soon",
            oracle.getState(new Date(now)),
            `${expression} at ${new Date(now).toISOString()}`,
          );
        }
      }
    }
  });
});

function intervalsOf(oracle, midnight) {
  const end = midnight + 48 * 3_600_000;
  return oracle
    .getOpenIntervals(new Date(midnight), new Date(end))
    .map(([from, to, unknown]) => [(from - midnight) / 60_000, (to - midnight) / 60_000, unknown ? "unknown" : "open"]);
}
