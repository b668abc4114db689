import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { KEPT_IN, recallOfArea } from "../../../static/js/sw/area-answers.js";
import {
  frameAddress,
  listAddress,
  outlineAddress,
  panelAddress,
  partAddress,
  placesAddress,
  recordAddress,
} from "../../../static/js/sw/areas.js";
import { AREAS } from "../../../static/js/sw/caches.js";
import { keptInMemory } from "./kept-in-memory.js";
import { areaOf, HOUR_MS, MIDNIGHT, place } from "./small-area.js";

const ORIGIN = "https://pomapa.example";
const area = { code: "PL-1", lang: "uk" };
const DAY_MS = 24 * HOUR_MS;
const NOW = MIDNIGHT * 1000 + 10 * HOUR_MS;
/** @param {number} n */
const id = (n) => `0190a5c2-1111-7abc-8def-${String(n).padStart(12, "0")}`;
/** @param {number} n @param {string} [state] */
const row = (n, state = "open") =>
  `<li class="hit" data-id="${id(n)}"><svg class="token fam-food is-${state} fresh-full" viewBox="0"><g class="t-badge">x</g></svg>` +
  `<span class="state is-${state}"><svg></svg>Then</span><p class="checked">then</p></li>`;
const LIST = (/** @type {string} */ rows) =>
  `<h1 id="count" data-title="x" data-count="x" data-bounds="1,2,3,4">x</h1><div class="sheet-row"><form data-sort="checked"></form>` +
  `<a class="tag" href="/uk/" data-ask>місто<svg></svg><span class="hush">: off</span></a></div><ol>${rows}</ol>` +
  `<div class="more"><a class="button" href="?" rel="next" data-ask>more</a><p>about</p></div>`;
const PAGE = `<main data-clock="60"><section data-results>old</section> <section class="mapbox"></section></main>`;
const tick = (/** @type {string} */ name, /** @type {string} */ value, type = "checkbox", words = value) =>
  `<label class="tick"><input type="${type}" name="${name}" value="${value}"><span class="words">${words}</span> <span class="count">0</span></label>`;
const PANEL =
  tick("open_at", "", "radio") +
  tick("open_at", "now", "radio") +
  `<details class="fold"><summary><span class="words">Food</span></summary>${tick("service", "hot_meals", "checkbox", "Meals &amp; more")}${tick("service", "safety")}</details>` +
  tick("area", "PL-1") +
  `<div class="runs">${tick("organisation", "", "radio")}${tick("organisation", "gone", "radio")}</div>` +
  "<button data-count-button>x</button>";
const made = (days = 0) => ({ headers: { "X-Answered-At": new Date(NOW - days * DAY_MS).toUTCString() } });
/** @param {number} [days] ago */
async function keepAll(days = 0) {
  const cache = await caches.open(AREAS);
  const places = [
    place(id(1), { opened: [[0, 20_160, "open"]], words: ["zupa"] }, { name: "Zupa <b>", checked: "2026-11-20" }),
    place(id(2), {}, {}, [-20.6, 50.8]),
    place(id(3), {}, {}, null),
    ...Array.from({ length: 26 }, (_, n) => place(id(10 + n), {})),
  ];
  const rows = Array.from({ length: 26 }, (_, n) => row(10 + n));
  for (const [address, text] of /** @type {[string, string][]} */ ([
    [listAddress(area), PAGE],
    [partAddress(area, 1), LIST([row(1), row(2), ...rows.slice(0, 23)].join(""))],
    // The last one is no place that may be kept.
    [partAddress(area, 2), LIST([row(3), ...rows.slice(23), row(99)].join(""))],
    [panelAddress(area), PANEL],
    [outlineAddress(area), "outline"],
    [frameAddress(area), '<title>{name}</title><a href="{list}">back</a><!--place-->'],
    [placesAddress(area), JSON.stringify(areaOf(places))],
  ]))
    await cache.put(address, new Response(text, made(days)));
  await cache.put(recordAddress(area), Response.json({ ...area, date: NOW, urls: [] }));
}

beforeEach(async () => {
  keptInMemory();
  await keepAll();
});

/** @param {string} address @param {string} [part] */
const ask = (address, part) =>
  recallOfArea(new Request(ORIGIN + address, { headers: part ? { "X-Fragment": part } : {} }), {}, NOW);
/** @param {string} address @param {string} [part] */
const text = async (address, part) => (await (await ask(address, part))?.text()) ?? "";
/** @param {string} html */
const idsIn = (html) => [...html.matchAll(/data-id="([^"]*)"/g)].map(([, one]) => one);

it("answers with the list of all of it, page by page, of nothing that is not among the places", async () => {
  const first = await text("/uk/?area=PL-1", "results");
  assert.equal(idsIn(first).length, 25);
  assert.match(first, /<h1 id="count"[^>]* data-bounds="1,2,3,4">29 places<span class="hush">: місто<\/span><\/h1>/);
  assert.match(first, /<a [^>]*href="\/uk\/\?area=PL-1&#38;page=2" rel="next" data-ask>Show the next 4 places/);
  const second = await text("/uk/?area=PL-1&page=2", "results");
  assert.match(second, /<ol start="26">/);
  assert.match(second, /href="\/uk\/\?area=PL-1" rel="prev"/);
  assert.deepEqual(idsIn(second).length, 4);
  assert.ok(!second.includes(id(99)));
  assert.equal(await ask("/uk/?area=PL-1&page=3", "results"), undefined);
});

it("puts the list into the page, however one comes to it", async () => {
  const whole = await text("/uk/?area=PL-1&q=zupa");
  assert.match(
    whole,
    /^<main data-clock="60"><section data-results>(?!old)[\s\S]*<\/section> <section class="mapbox">/,
  );
  assert.deepEqual(idsIn(whole), [id(1)]);
});

it("says in each row what is so now", async () => {
  const found = await text("/uk/?area=PL-1", "results");
  const [one = "", two = ""] = found.match(/<li[\s\S]*?<\/li>/g) ?? [];
  assert.match(one, /fam-food is-open fresh-full"[^>]*><badge open>/);
  assert.match(
    one,
    /<span class="state is-open">Open around the clock<\/span><p class="checked">full Checked 3 days ago<\/p>/,
  );
  assert.match(two, /fam-food is-unknown fresh-none"[\s\S]*Hours not known, ask before you go/);
});

it("says how it is at the moment that is asked about", async () => {
  const found = await text("/uk/?area=PL-1&open_at=2026-11-24T16:00", "results");
  assert.match(found, /1 place<span class="hush">: місто, Open on .*? at 16:00<\/span>/);
  assert.match(found, /<span class="state is-open">Open on .*? at 16:00<\/span>/);
});

it("offers to take away what is set, and writes nothing as HTML that somebody typed", async () => {
  const found = await text(`/uk/?area=PL-1&service=hot_meals&q=${encodeURIComponent('<img src="x">')}`, "results");
  assert.ok(!found.includes("<img"));
  assert.match(found, /href="\/uk\/\?area=PL-1&#38;q=[^"]*" data-ask>Meals &amp; more<svg>/);
  assert.match(found, /No places match/);
  assert.match(found, /href="\/uk\/\?area=PL-1" data-ask>Show 29 places/);
});

it("answers with the panel: its ticks, numbers and button; no number for what is not kept", async () => {
  const panel = await text("/uk/?area=PL-1&service=hot_meals&open_at=now", "panel");
  assert.match(panel, /value="now" checked>.*?<span class="count">1</);
  assert.match(panel, /name="open_at" value=""><span[^>]*>[^<]*<\/span> <span class="count">29</);
  assert.match(
    panel,
    /<details class="fold" open><summary><span class="words">Food<\/span><span class="badge-count">1<\/span>/,
  );
  assert.match(panel, /value="safety"><span class="words">safety<\/span><\/label>/);
  assert.match(panel, /value="PL-1" checked>.*?<span class="count">1</);
  assert.match(panel, /data-count-button>Show 1 place</);
});

it("says in list and panel what is drawn, who runs it and from where somebody walks, and writes no name as HTML", async () => {
  const cache = await caches.open(AREAS);
  const kept = await (await cache.match(placesAddress(area)))?.json();
  kept.organisations = [["o-1", "<b>One"]];
  kept.features[0].properties.kept.run_by = "o-1";
  await cache.put(placesAddress(area), new Response(JSON.stringify(kept), made()));
  const asked =
    "/uk/?area=PL-1&organisation=o-1&within=20.5,50.7;20.7,50.7;20.7,50.9;20.5,50.9&near=20.6,50.8&open_at=arrival";
  const list = await text(asked, "results");
  assert.match(
    list,
    / data-bounds="20.5,50.7,20.7,50.9">1 place<span class="hush">: місто, Drawn area, &#60;b&#62;One, Open when I get there on foot</,
  );
  assert.match(list, /data-sort="near"/);
  const panel = await text(asked, "panel");
  assert.match(panel, /name="within" value="20.5,50.7;20.7,50.7;20.7,50.9;20.5,50.9" checked>.*?Drawn area.*?>1</);
  assert.match(panel, /value="arrival" checked>.*?When I get there on foot.*?>1</);
  assert.match(
    panel,
    /<div class="runs">.*All of them<.*?>1<.*value="o-1" checked><span class="words">&#60;b&#62;One<.*?>1</,
  );
  assert.ok(!panel.includes("gone"));
});

it("answers nothing that only the server can know", async () => {
  for (const other of [
    "area=PL-1&within=1,2;3,4",
    "area=PL-1&organisation=x",
    "area=PL-1&service=safety",
    "area=PL-2",
    "q=zupa",
  ])
    for (const part of ["results", "panel"]) assert.equal(await ask(`/uk/?${other}`, part), undefined, other);
});

it("draws a tile out of the places, with the hours of now and nothing else of what is kept", async () => {
  const tile = async (/** @type {string} */ query) =>
    JSON.parse(await text(`/api/v1/tiles/aid_points/1/1/0.geojson?area=PL-1${query}`)).features;
  assert.equal((await tile("")).length, 27);
  const [soup, ...others] = await tile("&open_at=now");
  assert.deepEqual(others, []);
  assert.deepEqual(soup.properties.open, [[0, 2880, "open"]]);
  assert.equal(soup.properties.base, "2026-11-23");
  assert.equal(soup.properties.kept, undefined);
});

it("answers with the outline of the area", async () => {
  assert.equal(await text("/api/v1/areas/PL-1.geojson"), "outline");
  assert.equal(await ask("/api/v1/areas/PL-2.geojson"), undefined);
});

it("opens each place of it as a page, and says where it is not in the language that was asked for", async () => {
  const page = await ask(`/uk/aid_points/${id(1)}/zupa`);
  assert.equal(
    await page?.clone().text(),
    `<title>Zupa &#60;b&#62;</title><a href="/uk/?area=PL-1">back</a><h1>${id(1)}</h1>` +
      '<span class="state is-open">Open around the clock</span><p class="checked">full Checked 3 days ago</p>',
  );
  assert.equal(page?.headers.get(KEPT_IN), null);
  assert.equal((await ask(`/pl/aid_points/${id(1)}`))?.headers.get(KEPT_IN), "uk");
  assert.equal((await ask("/pl/?area=PL-1", "results"))?.headers.get(KEPT_IN), "uk");
  for (const other of [`/uk/aid_points/${id(77)}/x`, `/uk/aid_points/${id(1)}/slip.html`])
    assert.equal(await ask(other), undefined, other);
});

it("gives a place its own name, whatever that is, and a way back", async () => {
  const cache = await caches.open(AREAS);
  const kept = await (await cache.match(placesAddress(area)))?.json();
  kept.features[0].properties.name = "{list}<!--place-->$&{name}";
  await cache.put(placesAddress(area), new Response(JSON.stringify(kept), made()));
  const page = await text(`/uk/aid_points/${id(1)}/zupa`);
  assert.ok(
    page.startsWith('<title>{list}&#60;!--place--&#62;$&#38;{name}</title><a href="/uk/?area=PL-1">back</a><h1>'),
  );
});

it("answers with nothing that is older than a month", async () => {
  await keepAll(29);
  assert.ok(await ask("/uk/?area=PL-1"));
  await keepAll(31);
  for (const address of [
    "/uk/?area=PL-1",
    `/uk/aid_points/${id(1)}`,
    "/api/v1/tiles/aid_points/1/1/0.geojson?area=PL-1",
  ])
    assert.equal(await ask(address), undefined, address);
});
