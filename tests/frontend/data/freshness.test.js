import assert from "node:assert/strict";
import { it } from "node:test";
import { freshness } from "../../../static/js/data/freshness.js";

const now = Date.parse("2026-11-21T12:00:00+01:00");
const ringAfter = (days) => freshness(new Date(now - days * 86_400_000).toISOString().slice(0, 10), now).ring;

it("is full to 90 days, half to 180, dotted later and for never", () => {
  assert.deepEqual([0, 90, 91, 180, 181].map(ringAfter), ["full", "full", "half", "half", "none"]);
  assert.deepEqual(freshness(undefined, now), { ring: "none", days: null });
});

it("takes a day in the future for today", () => {
  assert.deepEqual(freshness("2026-12-01", now), { ring: "full", days: 0 });
});
