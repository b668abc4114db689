import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { parseCorners } from "../../../static/js/data/geo.js";
import { boxCorners, boxOf, corner, cornersText, faultOf, nearestSide } from "../../../static/js/data/ring.js";

/** What geo/ring.py says of the same corners, by tests/unit/geo/test_ring.py. */
const SHARED = JSON.parse(await readFile(new URL("../../fixtures/rings.json", import.meta.url), "utf8"));
const CODES = { few: "ring_corners", many: "ring_corners", crosses: "ring_crosses_itself", large: "ring_too_large" };

describe("an area", () => {
  for (const { what, corners, code } of SHARED)
    it(`${what}: as the server has it`, () => {
      const fault = faultOf(parseCorners(corners), true);
      assert.equal(fault && CODES[fault], code);
    });

  it("has at least three corners and at most fifty", () => {
    const circle = (n) => Array.from({ length: n }, (_, i) => corner(20 + Math.cos(i / 9), 50 + Math.sin(i / 9)));
    assert.equal(faultOf(circle(2), true), "few");
    assert.equal(faultOf(circle(2), false), null);
    assert.equal(faultOf(circle(50), true), null);
    assert.equal(faultOf(circle(51), true), "many");
  });

  it("may still be open, and then only its sides up to now count", () => {
    const bow = [
      [20, 50],
      [21, 51],
      [21, 50],
      [20, 51],
    ];
    assert.equal(faultOf(bow.slice(0, 3), false), null);
    assert.equal(faultOf(bow, false), "crosses");
    const zed = [bow[0], bow[2], bow[3], bow[1]];
    assert.equal(faultOf(zed, false), null);
    assert.equal(faultOf(zed, true), "crosses");
  });

  it("does not stand still or go back on itself", () => {
    assert.equal(
      faultOf(
        [
          [20, 50],
          [20, 50],
        ],
        false,
      ),
      "crosses",
    );
    assert.equal(
      faultOf(
        [
          [20, 50],
          [21, 50],
          [20.5, 50],
        ],
        false,
      ),
      "crosses",
    );
  });
});

describe("corners", () => {
  it("are rounded to a metre and stay on the map", () => {
    assert.deepEqual(corner(20.1234567, 50.9876543), [20.12346, 50.98765]);
    assert.deepEqual(corner(200, -95), [180, -90]);
    assert.equal(cornersText([corner(20.5, 50), corner(21.1234567, -0.1)]), "20.5,50;21.12346,-0.1");
  });

  it("make a box and have one", () => {
    const box = boxCorners([20, 50, 21, 51]);
    assert.equal(cornersText(box), "20,50;21,50;21,51;20,51");
    assert.deepEqual(boxOf(box), [20, 50, 21, 51]);
  });

  it("come into the side that they are nearest to, as it looks on the map", () => {
    const box = boxCorners([20, 50, 21, 51]);
    assert.equal(nearestSide(box, [20.5, 49.9]), 0);
    assert.equal(nearestSide(box, [21.1, 50.5]), 1);
    assert.equal(nearestSide(box, [20.5, 51.1]), 2);
    assert.equal(nearestSide(box, [19.9, 50.5]), 3);
  });
});
