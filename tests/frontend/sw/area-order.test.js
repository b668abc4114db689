/** The orders of a kept area's list; a browser test compares them with the server's. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { parseQuery } from "../../../static/js/data/query.js";
import { inOrder } from "../../../static/js/sw/area-order.js";
import { askedOf } from "../../../static/js/sw/area-places.js";
import { areaOf, HOUR_MS, MIDNIGHT, place } from "./small-area.js";

const TEN = MIDNIGHT * 1000 + 10 * HOUR_MS;
const LATER = { opened: [[900, 960, "open"]] };
/** In the order of the list: what was checked last first. */
const area = areaOf([
  place("c", { rank: 3, called: ["zupa"], words: ["zupa"], ...LATER }, { checked: "2026-11-20" }, [20.65, 50.8]),
  place("a", { rank: 1, opened: [[0, 900, "open"]], words: ["zupa"] }, { checked: "2026-05-01" }, [20.61, 50.8]),
  place("d", { rank: 2 }, {}, [20.7, 50.8]),
  place("b", { rank: 4, called: ["zupa"], words: ["zupa"] }, {}, null),
]);

/** @param {string} search */
function order(search) {
  const asked = /** @type {import("../../../static/js/sw/area-places.js").Asked} */ (askedOf(area, search, TEN));
  const { sort, places } = inOrder(area.features, area, parseQuery(search), asked, TEN);
  return `${sort}: ${places.map(({ id }) => id).join("")}`;
}

it("needs a point for what is near, as the server does: what is asked about, or the middle of a box", () => {
  assert.equal(order("sort=best"), "checked: cadb");
  assert.equal(order("sort=near"), "checked: cadb");
  assert.equal(order("near=20.6,50.8"), "near: acdb");
  assert.equal(order("bbox=20.6,50.7,20.8,50.9"), "near: dcab");
  // Half a year without a check is as bad as twice the way, and the way begins with 400 m.
  assert.equal(order("near=20.58,50.8&sort=best"), "best: cadb");
  assert.equal(order("near=20.608,50.8&sort=best"), "best: acdb");
  assert.equal(order("near=20.6,50.8&sort=-near"), "-near: dcab");
});

it("goes by opening, by name, by the day of the check, by what the words are in; turned round, too", () => {
  assert.equal(order("sort=open"), "open: acbd");
  assert.equal(order("sort=-open"), "-open: dbca");
  assert.equal(order("sort=name"), "name: adcb");
  assert.equal(order("sort=-name"), "-name: bcda");
  assert.equal(order("sort=-checked"), "-checked: dbac");
  assert.equal(order("q=zup"), "match: cbad");
  assert.equal(order("sort=town"), "checked: cadb");
});
