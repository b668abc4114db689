import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { declutter } from "../../../static/js/data/declutter.js";
import { FAMILIES } from "../../../static/js/data/taxonomy.js";

const toPixel = ([lng, lat]) => [lng * 1000, 700 - lat * 1000];
const familiesOf = (points) => points.map(({ slim }) => slim.family);
const point = (id, x, y, family = "food") => ({
  kind: "point",
  id,
  position: [x / 1000, (700 - y) / 1000],
  slim: { family },
});
const cluster = (id, x, y, count) => ({
  kind: "cluster",
  id,
  position: [x / 1000, (700 - y) / 1000],
  count,
  families: [count, 0, 0, 0, 0, 0],
});
const countOf = (item) => (item.kind === "cluster" ? item.count : item.kind === "spot" ? item.points.length : 1);
const run = (items, splitZooms = 5) => declutter(items, toPixel, familiesOf, splitZooms);

/** A generator of numbers that is the same on every run. */
function* numbers(seed) {
  for (let s = seed; ; ) {
    s = (s * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield s / 2_147_483_648;
  }
}

describe("making room", () => {
  it("keeps the sum of all counts, and lets nothing cover another", () => {
    const random = numbers(7);
    const next = () => random.next().value;
    for (let round = 0; round < 40; round++) {
      const items = Array.from({ length: 120 }, (_, i) =>
        i % 5
          ? point(`p${i}`, next() * 900, next() * 700, FAMILIES[i % 6])
          : cluster(`c${i}`, next() * 900, next() * 700, 2 + i),
      );
      const drawn = run(items);
      const sum = (list) => list.reduce((total, item) => total + countOf(item), 0);
      assert.equal(sum(drawn), sum(items));
      for (const item of drawn)
        if (item.kind === "cluster")
          assert.equal(
            item.families.reduce((a, b) => a + b),
            item.count,
          );
    }
  });

  it("leaves alone what has room", () => {
    const items = [point("a", 0, 0), point("b", 60, 0), cluster("c", 200, 0, 5)];
    assert.deepEqual(new Set(run(items).map(({ id }) => id)), new Set(["a", "b", "c"]));
  });

  it("gives numbers of thousands the room of their strip beside each other, and no more above", () => {
    assert.equal(run([cluster("a", 0, 0, 400), cluster("b", 60, 0, 400)]).length, 2);
    assert.equal(run([cluster("a", 0, 0, 1400), cluster("b", 60, 0, 1500)]).length, 1);
    assert.equal(run([cluster("a", 0, 0, 1400), cluster("b", 73, 0, 1500)]).length, 2);
    assert.equal(run([cluster("a", 0, 0, 1400), cluster("b", 0, 53, 1500)]).length, 2);
    // Also one that became so many here.
    const grown = [cluster("a", 0, 0, 600), cluster("b", 20, 0, 600), cluster("c", 72, 0, 1500)];
    assert.equal(run(grown).length, 1);
  });

  it("makes one cluster of points that would touch, and knows its extent", () => {
    const [made] = run([point("a", 0, 0), point("b", 20, 10, "health"), point("c", 10, 5)]);
    assert.equal(made.kind, "cluster");
    assert.deepEqual([made.count, made.families], [3, [2, 0, 1, 0, 0, 0]]);
  });

  it("opens four points on one spot as a list, and puts fewer side by side", () => {
    const four = ["a", "b", "c", "d"].map((id) => point(id, 5, 5));
    assert.equal(run(four)[0].kind, "spot");
    const two = run(four.slice(0, 2));
    assert.deepEqual(
      two.map(({ shift }) => shift[0]),
      [-22, 22],
    );
  });

  it("splits what the last zoom can split only while there are zooms left", () => {
    const near = ["a", "b", "c", "d"].map((id, i) => point(id, i * 4, 0));
    assert.equal(run(near, 5)[0].kind, "cluster");
    assert.equal(run(near, 0)[0].kind, "spot");
  });
});
