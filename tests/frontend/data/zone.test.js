import assert from "node:assert/strict";
import { it } from "node:test";
import { daysBetween, instantOf, wallClock } from "../../../static/js/data/zone.js";

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

it("counts days over the change of the clock", () => {
  assert.equal(daysBetween("2026-10-24", "2026-10-26"), 2);
  assert.equal(daysBetween("2026-11-21", "2026-11-20"), -1);
});
