import assert from "node:assert/strict";
import { afterEach, it } from "node:test";
import { tidy } from "../../../static/js/banners/tidy.js";
import { page } from "../dom.js";

const NOON = Date.parse("2026-11-23T12:00:00Z");
const HOUR = 3_600_000;

/** Whether a banner that ends at 18:00 UTC is there, of a page made at noon and read at these moments of the device. */
const seenAt = (...moments) => {
  const body = page(
    `<section data-at="${NOON / 1000}"><details data-banner="1.1" data-until="2026-11-23T18:00:00+00:00"></details></section>`,
  );
  for (const moment of moments) tidy(document, moment);
  return body.querySelector("[data-banner]") !== null;
};

afterEach(() => {
  document.documentElement.removeAttribute("data-kept");
  page("");
  tidy(document); // No timer is left.
});

it("goes by the device's clock where it is right", () => {
  assert.ok(seenAt(NOON + 60_000));
  assert.ok(!seenAt(NOON + 60_000, NOON + 6 * HOUR + 1000));
});

it("shows today's emergency on a phone whose clock is a day ahead, and as long as it lasts", () => {
  assert.ok(seenAt(NOON + 24 * HOUR));
  assert.ok(seenAt(NOON + 24 * HOUR, NOON + 29 * HOUR));
  assert.ok(!seenAt(NOON + 24 * HOUR, NOON + 31 * HOUR));
  assert.ok(!seenAt(NOON - 24 * HOUR, NOON - 17 * HOUR), "a day behind");
});

it("shows nothing on a kept page that has ended by the device's clock", () => {
  document.documentElement.setAttribute("data-kept", "");
  assert.ok(!seenAt(NOON + 24 * HOUR));
});
