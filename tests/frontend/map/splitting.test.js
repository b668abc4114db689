import assert from "node:assert/strict";
import { it } from "node:test";
import { declutter } from "../../../static/js/data/declutter.js";
import { readItems } from "../../../static/js/data/points.js";
import { Splitting } from "../../../static/js/map/splitting.js";
import { page } from "../dom.js";

Object.defineProperty(globalThis, "MutationObserver", { value: window.MutationObserver, configurable: true });

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

const SIZE = 256;
/** Position → pixel at a zoom, and back. */
const pixel = (position, zoom) => world(position).map((part) => part * SIZE * 2 ** zoom);
const positionOf = ([x, y], zoom) => {
  const n = SIZE * 2 ** zoom;
  return [(x / n) * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / n))) * 180) / Math.PI];
};

/** A map that moves as Leaflet's does, at once. */
class FakeMap {
  constructor(size, centre, zoom) {
    Object.assign(this, { size, centre, zoom });
  }

  getZoom() {
    return this.zoom;
  }

  getMaxZoom() {
    return 19;
  }

  getBoundsZoom([[s, w], [n, e]], _inside, [edgeX, edgeY]) {
    const room = [this.size[0] - edgeX, this.size[1] - edgeY];
    for (let zoom = 19; zoom > 0; zoom--) {
      const [[left, bottom], [right, top]] = [pixel([w, s], zoom), pixel([e, n], zoom)];
      if (right - left <= room[0] && bottom - top <= room[1]) return zoom;
    }
    return 0;
  }

  fitBounds(corners, { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom], maxZoom }) {
    this.zoom = Math.min(maxZoom, this.getBoundsZoom(corners, false, [left + right, top + bottom]));
    const [[s, w], [n, e]] = corners;
    const [a, b] = [pixel([w, n], this.zoom), pixel([e, s], this.zoom)];
    this.centre = positionOf([(a[0] + b[0] + right - left) / 2, (a[1] + b[1] + bottom - top) / 2], this.zoom);
  }

  box() {
    const [x, y] = pixel(this.centre, this.zoom);
    const [w, n] = positionOf([x - this.size[0] / 2, y - this.size[1] / 2], this.zoom);
    const [e, s] = positionOf([x + this.size[0] / 2, y + this.size[1] / 2], this.zoom);
    return [w, s, e, n];
  }
}

it("has all of a pressed cluster in view and on the list, and the list says when it has more", async () => {
  let seed = 7;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const told = { same: 0, more: 0 };
  for (const size of [
    [360, 281],
    [320, 220],
    [281, 360],
    [840, 724],
  ]) {
    for (const zoom of [5, 7, 10]) {
      const towns = Array.from({ length: 24 }, () => [
        20.6 + (next() * 900) / 2 ** zoom,
        50.8 + (next() * 500) / 2 ** zoom,
      ]);
      const places = Array.from({ length: 300 }, (_, i) => {
        const [lng, lat] = towns[i % towns.length];
        return [lng + (next() * 40) / 2 ** zoom, lat + (next() * 24) / 2 ** zoom];
      });
      const cells = Map.groupBy(places, (place) => cellOf(place, zoom + 3));
      const features = [...cells].map(([id, inside]) => {
        const middle = [0, 1].map((i) => inside.reduce((sum, place) => sum + place[i], 0) / inside.length);
        return inside.length === 1
          ? { id: `point-${id}`, geometry: { coordinates: inside[0] }, properties: {} }
          : { id, geometry: { coordinates: middle }, properties: { count: inside.length, families: [] } };
      });
      const items = readItems([{ features }]);
      const ofItem = new Map(items.map(({ id }, i) => [id, [...cells.values()][i]]));
      const drawn = declutter(
        items,
        (position) => pixel(position, zoom),
        () => [],
        19 - zoom,
      );
      for (const cluster of drawn.filter(({ kind }) => kind === "cluster")) {
        const list = page(
          '<section data-results><div class="sheet-head"><h1 id="count"></h1></div></section>',
        ).firstChild;
        const map = new FakeMap(size, cluster.position, zoom);
        const moves = Object.assign(new EventTarget(), {
          bySelf() {},
          ask: () => assert.fail("there is room nearer by"),
        });
        const splitting = new Splitting({ items, drawn, map, context: { moves, sprite: "", look: async () => [] } });
        const inside = cluster.id.split("+").flatMap((part) => ofItem.get(part));
        const room = map.getBoundsZoom(
          [splitting.boxOf(cluster)].map(([w, s, e, n]) => [
            [s, w],
            [n, e],
          ])[0],
          false,
          [64, 84],
        );
        if (room <= zoom) continue;
        await splitting.open(cluster);
        const [w, s, e, n] = map.box();
        const seen = places.filter(([lng, lat]) => lng >= w && lng <= e && lat >= s && lat <= n);
        assert.ok(inside.every((place) => seen.includes(place)));
        moves.dispatchEvent(new CustomEvent("asked", { detail: [w, s, e, n] }));
        const answer = page(`<h1 id="count" data-total="${seen.length}"></h1>`).firstChild;
        document.body.replaceChildren(list);
        list.querySelector(".sheet-head").replaceChildren();
        list.replaceChildren(Object.assign(document.createElement("div"), { className: "sheet-head" }));
        list.firstChild.append(answer);
        await new Promise((resolve) => setTimeout(resolve));
        const note = list.querySelector("[data-pressed]");
        told[note ? "more" : "same"] += 1;
        assert.equal(note?.dataset.pressed, seen.length > cluster.count ? String(cluster.count) : undefined);
      }
    }
  }
  assert.ok(told.same > 10 && told.more > 10, JSON.stringify(told));
});
