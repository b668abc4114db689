import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { listAddress, outlineAddress, partAddress, pointsAddress, recallOfArea } from "../../../static/js/sw/areas.js";

const ORIGIN = "https://pomapa.example";
const area = { code: "PL-1", lang: "uk" };
/** @type {Map<string, Response>} */
let kept = new Map();
const PAGE = '<main><section data-results>first</section> <section class="mapbox"></section></main>';
const DAY_MS = 24 * 3600 * 1000;
/** Headers of an answer that was made so many days ago. */
const made = (days = 0) => ({ headers: { "X-Answered-At": new Date(Date.now() - days * DAY_MS).toUTCString() } });

beforeEach(() => {
  kept = new Map([
    [listAddress(area), new Response(PAGE, made())],
    [partAddress(area, 1), new Response("first", made())],
    [partAddress(area, 2), new Response("second", made())],
    [outlineAddress(area), new Response("outline", made())],
    [
      pointsAddress(area),
      Response.json(
        {
          features: [
            { id: "a", geometry: { coordinates: [20.6, 50.8] } },
            { id: "b", geometry: { coordinates: [-20.6, 50.8] } },
            { id: "by phone", geometry: null },
          ],
        },
        made(),
      ),
    ],
  ]);
  const cache = { match: async (address) => kept.get(address) };
  Object.defineProperty(globalThis, "caches", { value: { open: async () => cache }, configurable: true });
});

/** @param {string} address @param {string} [part] */
const ask = (address, part) =>
  recallOfArea(new Request(ORIGIN + address, { headers: part ? { "X-Fragment": part } : {} }));

it("answers with the page of the area and with the parts of its list", async () => {
  assert.equal(await (await ask("/uk/?area=PL-1"))?.text(), PAGE);
  assert.equal(await (await ask("/uk/?area=PL-1", "results"))?.text(), "first");
  assert.equal(await (await ask("/uk/?area=PL-1&page=2", "results"))?.text(), "second");
});

it("answers with the rest of the list in a page of its own, however one comes to it", async () => {
  const whole = await (await ask("/uk/?area=PL-1&page=2"))?.text();
  assert.equal(whole, PAGE.replace("first", "second"));
  assert.equal(await ask("/uk/?area=PL-1&page=3"), undefined);
});

it("answers a moved map with the list of all of the area, and no other question with it", async () => {
  assert.equal(await (await ask("/uk/?area=PL-1&bbox=1,2,3,4", "results"))?.text(), "first");
  for (const other of ["/uk/?area=PL-1&service=food", "/uk/?area=PL-2", "/pl/?area=PL-1", "/uk/?q=zupa"])
    assert.equal(await ask(other, "results"), undefined, other);
  assert.equal(await ask("/uk/?area=PL-1", "panel"), undefined);
});

it("answers what is near an address with the list of all of the area", async () => {
  const address = "/uk/?area=PL-1&near=20.6,50.8&near_name=Długa 5, Kielce&bbox=1,2,3,4&sort=near";
  assert.equal(await (await ask(address, "results"))?.text(), "first");
});

it("draws a tile out of the points of the area", async () => {
  const tile = await ask("/api/v1/tiles/aid_points/1/1/0.geojson?area=PL-1");
  assert.match((await tile?.text()) ?? "", /"features":\[\{"id":"a"[^[]*\[20\.6,50\.8\]\}\}\]/);
  assert.equal(await ask("/api/v1/tiles/aid_points/1/1/0.geojson?area=PL-1&service=food"), undefined);
});

it("answers with the outline of the area", async () => {
  assert.equal(await (await ask("/api/v1/areas/PL-1.geojson"))?.text(), "outline");
  assert.equal(await ask("/api/v1/areas/PL-2.geojson"), undefined);
});

it("answers with nothing that is older than a month", async () => {
  kept.set(listAddress(area), new Response("page", made(29)));
  assert.equal(await (await ask("/uk/?area=PL-1"))?.text(), "page");
  kept.set(listAddress(area), new Response("page", made(31)));
  assert.equal(await ask("/uk/?area=PL-1"), undefined);
});
