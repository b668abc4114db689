import assert from "node:assert/strict";
import { it } from "node:test";
import { Lru } from "../../../static/js/data/lru.js";
import { tilesInView, tileUrl } from "../../../static/js/data/tiles.js";

it("covers the view with tiles one zoom below the map's, the middle first", () => {
  const tiles = tilesInView([20.5, 50.8, 20.75, 50.95], 13);
  assert.ok(tiles.every(({ z }) => z === 12));
  const names = tiles.map(({ x, y }) => `${x}/${y}`);
  assert.deepEqual(names.slice(0, 2), ["2282/1373", "2283/1373"]);
  const columns = [2281, 2282, 2283, 2284];
  assert.deepEqual(
    names.sort(),
    columns.flatMap((x) => [1372, 1373, 1374].map((y) => `${x}/${y}`)),
  );
});

it("stays on the world at its edges", () => {
  for (const { z, x, y } of [...tilesInView([-200, -89, 200, 89], 3), ...tilesInView([179, 84, 190, 89], 6)]) {
    assert.ok(x >= 0 && y >= 0 && x < 2 ** z && y < 2 ** z);
  }
});

it("puts filters behind the address of a tile", () => {
  assert.equal(tileUrl("/t/{z}/{x}/{y}.geojson", { z: 1, x: 0, y: 1 }, ""), "/t/1/0/1.geojson");
  assert.equal(
    tileUrl("/t/{z}/{x}/{y}.geojson", { z: 1, x: 0, y: 1 }, "service=food"),
    "/t/1/0/1.geojson?service=food",
  );
});

it("forgets what was not asked for longest", () => {
  const lru = new Lru(2);
  lru.set("a", 1);
  lru.set("b", 2);
  lru.get("a");
  lru.set("c", 3);
  assert.deepEqual([lru.get("a"), lru.get("b"), lru.get("c")], [1, undefined, 3]);
});
