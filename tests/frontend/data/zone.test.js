import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { daysBetween, instantOf, setClock, wallClock } from "../../../static/js/data/zone.js";

/** As app/pages/views/clock.py writes it. */
const WARSAW =
  "60 1743296400:120 1761440400:60 1774746000:120 1792890000:60 1806195600:120 1824944400:60 1837645200:120 1856394000:60";

for (const [how, clock] of [
  ["the browser's calendar", undefined],
  ["the clock of the page", WARSAW],
  ["the browser's calendar, where the page is not understood", "60 x:y"],
])
  describe(`by ${how}`, () => {
    beforeEach(() => setClock(clock));
    afterEach(() => setClock(undefined));
    clockOfWarsaw();
  });

it("reads the clock that the page says, wherever it is", () => {
  setClock("120 1774746000:180");
  assert.deepEqual(wallClock(1774746000_000 - 60_000), { day: "2026-03-29", minute: 179 });
  assert.deepEqual(wallClock(1774746000_000), { day: "2026-03-29", minute: 240 });
  setClock(undefined);
});

function clockOfWarsaw() {
  it("reads the wall clock of Warsaw, not that of the phone", () => {
    assert.deepEqual(wallClock(Date.parse("2026-11-21T23:30:00Z")), { day: "2026-11-22", minute: 30 });
    assert.deepEqual(wallClock(Date.parse("2026-07-01T22:00:00Z")), { day: "2026-07-02", minute: 0 });
  });

  it("finds midnight in winter, in summer and on both days of change", () => {
    for (const [day, instant] of [
      ["2026-11-21", "2026-11-20T23:00:00Z"],
      ["2026-07-01", "2026-06-30T22:00:00Z"],
      ["2026-10-25", "2026-10-24T22:00:00Z"],
      ["2026-10-26", "2026-10-25T23:00:00Z"],
      ["2027-03-28", "2027-03-27T23:00:00Z"],
      ["2027-03-29", "2027-03-28T22:00:00Z"],
    ]) {
      assert.equal(new Date(instantOf(day, 0)).toISOString().replace(".000", ""), instant, day);
    }
  });

  it("gives back every wall clock that exists, over both changes", () => {
    for (const day of ["2026-10-25", "2027-03-28", "2026-11-21"]) {
      for (let minute = 0; minute < 1440; minute += 15) {
        if (day === "2027-03-28" && minute >= 120 && minute < 180) continue; // That hour is skipped.
        assert.deepEqual(wallClock(instantOf(day, minute)), { day, minute }, `${day} ${minute}`);
      }
    }
  });
}

it("counts days over the change of the clock", () => {
  assert.equal(daysBetween("2026-10-24", "2026-10-26"), 2);
  assert.equal(daysBetween("2026-11-21", "2026-11-20"), -1);
});
