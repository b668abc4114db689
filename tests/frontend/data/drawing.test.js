import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Drawing } from "../../../static/js/data/drawing.js";
import { cornersText } from "../../../static/js/data/ring.js";

const SQUARE = [
  [20, 50],
  [21, 50],
  [21, 51],
  [20, 51],
];

describe("a new area", () => {
  it("gets its corners one after the other", () => {
    const drawing = new Drawing();
    assert.deepEqual(
      SQUARE.map((corner) => drawing.add(corner)),
      [0, 1, 2, 3],
    );
    assert.equal(cornersText(drawing.corners), "20,50;21,50;21,51;20,51");
    assert.equal(drawing.fault, null);
  });

  it("refuses a corner whose side would cross another, and stays as it was", () => {
    const drawing = new Drawing();
    for (const corner of SQUARE.slice(0, 3)) drawing.add(corner);
    assert.equal(drawing.add([20.5, 49]), "crosses");
    assert.equal(drawing.corners.length, 3);
    assert.equal(drawing.move(2, [20.5, 50]), "crosses");
    assert.deepEqual(drawing.corners[2], [21, 51]);
  });

  it("is no area before it has three corners", () => {
    const drawing = new Drawing();
    drawing.add([20, 50]);
    drawing.add([21, 50]);
    assert.equal(drawing.fault, "few");
  });

  it("takes back one step after the other, whatever it was", () => {
    const drawing = new Drawing();
    for (const corner of SQUARE) drawing.add(corner);
    drawing.move(3, [20, 51.5]);
    drawing.remove(1);
    const texts = [];
    do texts.push(cornersText(drawing.corners));
    while (drawing.undo());
    assert.deepEqual(texts, [
      "20,50;21,51;20,51.5",
      "20,50;21,50;21,51;20,51.5",
      "20,50;21,50;21,51;20,51",
      "20,50;21,50;21,51",
      "20,50;21,50",
      "20,50",
      "",
    ]);
  });

  it("has at most fifty corners", () => {
    const drawing = new Drawing();
    for (let i = 0; i < 50; i += 1) drawing.add([20 + i / 100, 50 + (i % 2) / 100]);
    assert.equal(drawing.corners.length, 50);
    assert.equal(drawing.add([21, 50]), "many");
  });
});

describe("an area that is there", () => {
  it("gets a new corner in the nearest side", () => {
    const drawing = new Drawing(SQUARE);
    assert.equal(drawing.add([21.2, 50.5]), 2);
    assert.equal(cornersText(drawing.corners), "20,50;21,50;21.2,50.5;21,51;20,51");
    assert.equal(drawing.add([19.8, 50.5]), 5);
  });

  it("keeps three corners, and sides that do not cross", () => {
    const drawing = new Drawing(SQUARE);
    assert.equal(drawing.move(0, [21.5, 50.7]), "crosses");
    assert.equal(drawing.remove(0), null);
    assert.equal(drawing.remove(0), "few");
    assert.equal(drawing.corners.length, 3);
  });
});
