import assert from "node:assert/strict";
import { it } from "node:test";
import { dateLike, dateOf, isOverdue } from "../../../static/js/sw/age.js";

const NOON = Date.UTC(2026, 10, 22, 12);
const PUBLIC = "public, max-age=30, stale-while-revalidate=30, stale-if-error=86400";

/** @param {number} age_s @param {Record<string, string>} more */
const sentAtNoon = (age_s, more = {}) =>
  new Response("", {
    headers: {
      Date: new Date(NOON).toUTCString(),
      "X-Answered-At": new Date(NOON - age_s * 1000).toUTCString(),
      "Cache-Control": PUBLIC,
      ...more,
    },
  });

it("takes the time at which our server made it, not that at which another one gave it", () => {
  assert.equal(dateOf(sentAtNoon(3600)), NOON - 3_600_000);
});

it("takes the date of an answer that was kept before there was another", () => {
  assert.equal(dateOf(new Response("", { headers: { Date: new Date(NOON).toUTCString() } })), NOON);
  assert.equal(dateOf(new Response("")), 0);
});

it("knows what a cache could not renew in its time", () => {
  assert.equal(isOverdue(sentAtNoon(0)), false);
  assert.equal(isOverdue(sentAtNoon(60)), false);
  assert.equal(isOverdue(sentAtNoon(800)), true);
  assert.equal(isOverdue(sentAtNoon(800, { "Cache-Control": "public, max-age=3600" })), false);
  assert.equal(isOverdue(sentAtNoon(800, { "Cache-Control": "public, s-max-age=3600" })), true);
  assert.equal(isOverdue(new Response("")), false);
});

it("gives what is put together the age of its part", () => {
  const headers = new Headers(sentAtNoon(10).headers);
  dateLike(headers, sentAtNoon(3600));
  assert.equal(dateOf(new Response("", { headers })), NOON - 3_600_000);
  dateLike(headers, new Response("", { headers: { Date: new Date(NOON).toUTCString() } }));
  assert.equal(dateOf(new Response("", { headers })), NOON);
});
