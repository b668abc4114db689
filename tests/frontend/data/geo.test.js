import assert from "node:assert/strict";
import { it } from "node:test";
import { boxText, distanceM, parseBox, parseCorners, walkMinutes } from "../../../static/js/data/geo.js";

it("measures on the globe", () => {
  assert.ok(Math.abs(distanceM([21.0122, 52.2297], [20.6286, 50.8661]) - 153_900) < 500);
  assert.equal(distanceM([20, 50], [20, 50]), 0);
  assert.ok(Math.abs(distanceM([179.9, 0], [-179.9, 0]) - 22_239) < 5); // over the antimeridian
});

it("walks as the server does: streets are longer than the straight line, and people carry bags", () => {
  assert.deepEqual([450, 700, 900, 1400, 1600, 5].map(walkMinutes), [8, 12, 15, 23, 26, 1]);
});

it("reads boxes and refuses what is none", () => {
  assert.deepEqual(parseBox("20,50,21,51"), [20, 50, 21, 51]);
  for (const bad of ["", null, "1,2,3", "a,b,c,d", "21,50,20,51", "20,51,21,50", "0,-100,1,0", "1,2,3,4,5"])
    assert.equal(parseBox(bad), null);
  assert.equal(boxText([20.123456, 50, 21.1, 51.99999]), "20.1235,50,21.1,52");
});

it("reads the corners of a drawn area and refuses what is none", () => {
  assert.deepEqual(parseCorners("20,50;21,50;20.5,51"), [
    [20, 50],
    [21, 50],
    [20.5, 51],
  ]);
  for (const bad of ["", null, "20,50", "20,50;21,50", "20,50;21,50;x,51", "20,50;21,50;20"])
    assert.deepEqual(parseCorners(bad), []);
});
