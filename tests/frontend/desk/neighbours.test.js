import assert from "node:assert/strict";
import { it } from "node:test";
import { spotsOf } from "../../../static/js/desk/neighbours.js";

const toPixel = ([lng, lat]) => [lng * 100, lat * 100];

it("numbers places as they are listed", () => {
  assert.deepEqual(
    spotsOf(
      [
        [0, 0, "Kuchnia"],
        [1, 0, "Łaźnia"],
      ],
      toPixel,
      [],
    ),
    [
      { position: [0, 0], shift: [0, 0], names: ["Kuchnia"], numbers: [1] },
      { position: [1, 0], shift: [0, 0], names: ["Łaźnia"], numbers: [2] },
    ],
  );
});

it("makes one spot of places whose numbers would lie over each other, as wide as it becomes", () => {
  const spots = spotsOf(
    [
      [0, 0, "Kuchnia"],
      [0.3, 0, "Łaźnia"],
      [0.1, 0.1, "Szatnia"],
      [0, 0.3, "Świetlica"],
    ],
    toPixel,
    [],
  );
  assert.deepEqual(
    spots.map(({ numbers }) => numbers),
    [[1, 2, 3], [4]],
  );
  assert.deepEqual(spots[0]?.names, ["Kuchnia", "Łaźnia", "Szatnia"]);
});

it("keeps numbers from under the pins in question, away from where they are", () => {
  const [left, same, far] = spotsOf(
    [
      [-0.1, 0, "Na zachód"],
      [1, 1, "To samo"],
      [3, 3, "Daleko"],
    ],
    toPixel,
    [
      [0, 0],
      [1, 1],
    ],
  );
  assert.deepEqual(left?.shift, [-20, 0]);
  assert.deepEqual(same?.shift, [30, 0]);
  assert.deepEqual(far?.shift, [0, 0]);
});

it("has nothing where nothing is near", () => {
  assert.deepEqual(spotsOf([], toPixel, []), []);
});
