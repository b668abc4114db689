import assert from "node:assert/strict";
import { it } from "node:test";
import { declutter } from "../../../static/js/data/declutter.js";
import { readItems } from "../../../static/js/data/points.js";
import { Splitting } from "../../../static/js/map/splitting.js";

/** Position → the world at zoom 0, as the server does. */
const world = ([lng, lat]) => {
  const s = Math.sin((lat * Math.PI) / 180);
  return [(lng + 180) / 360, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
};

/** The name of the cell of a position, its bits in turns. */
const cellOf = (position, zoom) => {
  const [x, y] = world(position).map((part) => BigInt(Math.floor(part * 2 ** zoom)));
  let cell = 0n;
  for (let bit = 0n; bit < BigInt(zoom); bit++)
    cell |= (((x >> bit) & 1n) << (2n * bit)) | (((y >> bit) & 1n) << (2n * bit + 1n));
  return `${zoom}/${cell}`;
};

it("knows where all places of a cluster lie, whatever is drawn as one", () => {
  let seed = 11;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  for (const zoom of [5, 9, 12, 15, 16]) {
    const spread = 300 / 2 ** zoom;
    const places = Array.from({ length: 200 }, () => [20.6 + next() * spread, 50.8 + next() * spread]);
    const cells = Map.groupBy(places, (place) => cellOf(place, zoom + 2));
    const features = [...cells].map(([id, inside]) => {
      const middle = [0, 1].map((i) => inside.reduce((sum, place) => sum + place[i], 0) / inside.length);
      return inside.length === 1
        ? { id: `point-${id}`, geometry: { coordinates: inside[0] }, properties: {} }
        : { id, geometry: { coordinates: middle }, properties: { count: inside.length, families: [] } };
    });
    const toPixel = (position) => world(position).map((part) => part * 256 * 2 ** zoom);
    const items = readItems([{ features }]);
    const ofItem = new Map(items.map(({ id }, i) => [id, [...cells.values()][i]]));
    const drawn = declutter(items, toPixel, () => [], 19 - zoom);
    const splitting = new Splitting({ items, drawn });
    for (const item of drawn) {
      if (item.kind !== "cluster") continue;
      const inside = item.id.split("+").flatMap((part) => ofItem.get(part));
      assert.equal(inside.length, item.count);
      const [west, south, east, north] = splitting.boxOf(item);
      for (const [lng, lat] of inside) assert.ok(lng >= west && lng <= east && lat >= south && lat <= north);
    }
    assert.ok(drawn.some(({ kind }) => kind === "cluster"));
  }
});
