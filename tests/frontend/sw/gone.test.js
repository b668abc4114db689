/** What was taken down or protected since it was kept goes from this device as soon as there is a network (SECURITY F7). */
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { recallOfArea } from "../../../static/js/sw/area-answers.js";
import { listAddress, partAddress, placesAddress, recordAddress } from "../../../static/js/sw/areas.js";
import { ANSWERS, AREAS, ASKED, PAGES, TILES } from "../../../static/js/sw/caches.js";
import { without } from "../../../static/js/sw/cutting.js";
import { dropGone, EVERY_MS, heard, untold } from "../../../static/js/sw/gone.js";
import { settle } from "../../../static/js/sw/settling.js";
import { keptInMemory } from "./kept-in-memory.js";

const ORIGIN = "https://pomapa.example";
const GONE = "0190a5c2-1111-7abc-8def-000000000001";
const STAYS = "0190a5c2-1111-7abc-8def-000000000002";
const AREA = { code: "PL-1", lang: "uk" };
const STREET = "Zaułkowska 7";
const row = (/** @type {string} */ id, words = "") => `<li class="hit" data-id="${id}"><p>${words}</p></li>`;
const LIST = `<ol>${row(GONE, STREET)}${row(STAYS, "Kopernika 1")}</ol>`;
const POINTS = { type: "FeatureCollection", features: [{ id: GONE, properties: { at: STREET } }, { id: STAYS }] };

/** @type {Map<string, Map<string, Response>>} */
let kept;
/** Questions that the network was asked. @type {string[]} */
let asked;
/** What it says to them, in turn; `Error` is no network. @type {(object | number | Error)[]} */
let says;
/** What all else is answered with. @type {number | Error} */
let elsewhere;
/** What pages are told. @type {string[][]} */
let told;
/** The clock of the device; each test begins later than the one before. */
let now = Date.now();

const tell = async (/** @type {string[]} */ ids) => void told.push(ids);
const contact = (after_ms = EVERY_MS) => {
  now += after_ms;
  return dropGone(ORIGIN, tell, now);
};
const said = (/** @type {string[]} */ gone, next = "n") => ({ next, more: false, gone });

beforeEach(() => {
  now += 24 * 3600 * 1000;
  kept = keptInMemory();
  asked = [];
  says = [];
  elsewhere = new TypeError("no network");
  told = [];
  Object.assign(globalThis, {
    fetch: async (/** @type {string} */ url) => {
      asked.push(url.replace(ORIGIN, ""));
      const answer = url.includes("/gone?") ? (says.shift() ?? said([])) : elsewhere;
      if (answer instanceof Error) throw answer;
      return typeof answer === "number" ? new Response("", { status: answer }) : Response.json(answer);
    },
  });
});

/** @param {string} name @param {string} address @param {string} body */
async function hold(name, address, body, ago_ms = 3600 * 1000) {
  const headers = { "X-Answered-At": new Date(Date.now() - ago_ms).toUTCString() };
  await (await caches.open(name)).put(address, new Response(body, { headers }));
}

/** Everything that a reader of some places has. */
async function holdAll() {
  await hold(PAGES, `/pl/aid_points/${GONE}/dom`, STREET);
  await hold(PAGES, `/uk/aid_points/${GONE}/dom/slip.html`, STREET);
  await hold(PAGES, `/pl/compare?ids=${GONE},${STAYS}`, STREET);
  await hold(PAGES, `/pl/organisations/${STAYS}/o`, `<a href="/pl/aid_points/${GONE}/dom">${STREET}</a>`);
  await hold(PAGES, "/pl/?q=x", LIST);
  await hold(PAGES, `/pl/aid_points/${STAYS}/bar`, "Kopernika 1");
  await hold(ANSWERS, "/api/v1/tiles/aid_points/5/1/1.geojson", JSON.stringify(POINTS));
  await hold(ANSWERS, `/api/v1/layers/aid_points/features/${GONE}`, STREET);
  const urls = [listAddress(AREA), partAddress(AREA, 1), placesAddress(AREA)];
  await hold(AREAS, listAddress(AREA), LIST);
  await hold(AREAS, partAddress(AREA, 1), LIST);
  await hold(AREAS, placesAddress(AREA), JSON.stringify(POINTS));
  const record = { ...AREA, name: "Miasto", date: Date.now(), places: 2, bytes: 1, urls };
  await (await caches.open(AREAS)).put(recordAddress(AREA), new Response(JSON.stringify(record)));
}

/** The addresses of all that has these words, in it or in the address. @param {string} words */
async function holding(words) {
  const found = [];
  for (const name of kept.keys())
    for (const [url, answer] of kept.get(name) ?? [])
      if ((url + (await answer.clone().text())).includes(words)) found.push(url.replace(ORIGIN, ""));
  return found;
}

const readAt = async (/** @type {string} */ name, /** @type {string} */ address) =>
  (await (await caches.open(name)).match(address))?.json();
const record = () => readAt(ASKED, "/kept-asked");

it("drops what is gone out of every cache, and leaves the rest of its lists and maps", async () => {
  await holdAll();
  says = [said([GONE])];
  await contact();
  assert.deepEqual(await holding(GONE), ["/kept-untold"]);
  assert.deepEqual(await holding(STREET), []);
  const left = await holding(STAYS);
  for (const url of ["/pl/?q=x", `/pl/aid_points/${STAYS}/bar`, listAddress(AREA), placesAddress(AREA)])
    assert.ok(left.includes(url), url);
  assert.ok(left.some((url) => url.includes("/tiles/")));
  assert.equal((await readAt(AREAS, recordAddress(AREA))).places, 1);
  assert.deepEqual(told, [[GONE]]);
  // Without a byte of all that is still there.
  assert.equal(asked.length, 1);
});

it("asks nothing for those who keep nothing, nor of what was kept a moment ago", async () => {
  await hold(TILES, "/tiles/base/1/1/1", "picture");
  await contact();
  await hold(PAGES, "/pl/", "list", Date.now() - now);
  await contact(0);
  assert.deepEqual(asked, []);
});

it("asks once in some minutes", async () => {
  await hold(PAGES, "/pl/", "list");
  await contact();
  await contact(EVERY_MS - 1);
  assert.equal(asked.length, 1);
  await contact(1);
  assert.equal(asked.length, 2);
});

it("begins with the day before the oldest that is kept", async () => {
  await hold(PAGES, "/pl/", "list", 5 * 24 * 3600 * 1000);
  await contact();
  const day = new Date(Date.now() - 6 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  assert.deepEqual(asked, [`/api/v1/gone?since=${day}`]);
});

it("asks each time from the place before the last, for what was on its way then", async () => {
  await hold(PAGES, "/pl/", "list");
  says = [said([], "one"), said([], "two"), said([], "three"), said([GONE], "four")];
  for (let i = 0; i < 3; i += 1) await contact();
  assert.equal(asked[1], asked[0]);
  assert.deepEqual(asked.slice(2), ["/api/v1/gone?cursor=one"]);
  await hold(PAGES, `/pl/aid_points/${GONE}/dom`, STREET);
  await contact();
  assert.deepEqual(asked.slice(3), ["/api/v1/gone?cursor=two"]);
  assert.deepEqual(await holding(STREET), []);
});

it("reads all pages of an answer", async () => {
  await holdAll();
  says = [{ next: "a", more: true, gone: [] }, { next: "b", more: true, gone: [GONE] }, said([], "c")];
  await contact();
  assert.deepEqual(asked.slice(1), ["/api/v1/gone?cursor=a", "/api/v1/gone?cursor=b"]);
  assert.equal((await record()).next, "cursor=c");
  assert.deepEqual(await holding(STREET), []);
});

it("deletes nothing when there is no answer, and asks for the same again", async () => {
  await holdAll();
  const before = await holding("");
  for (const answer of [new TypeError("no network"), 500, 503, 404, { hotel: "Please sign in" }]) {
    says = [answer];
    await contact();
    assert.deepEqual(await holding(""), before);
    assert.equal(await record(), undefined);
  }
  says = [said([GONE])];
  await contact();
  assert.equal(new Set(asked).size, 1);
  assert.deepEqual(await holding(STREET), []);
});

it("does not ask at every page while there is no answer", async () => {
  await hold(PAGES, "/pl/", "list");
  says = [new TypeError("no network")];
  await contact();
  await contact(1000);
  assert.equal(asked.length, 1);
});

it("begins again where it was interrupted", async () => {
  await holdAll();
  says = [said([GONE]), said([GONE])];
  const { open } = caches;
  let deleted = 0;
  caches.open = async (name) => {
    const cache = await open(name);
    const remove = cache.delete;
    cache.delete = async (request) => {
      deleted += 1;
      if (deleted === 2) throw new Error("the worker was ended");
      return remove(request);
    };
    return cache;
  };
  await contact();
  assert.equal(await record(), undefined);
  assert.ok((await holding(STREET)).length);
  await contact();
  assert.deepEqual(await holding(STREET), []);
  assert.equal((await record()).next, "cursor=n");
});

it("drops what it cannot ask about when the server was put back, unless an area cannot be had", async () => {
  await hold(PAGES, "/pl/", "list");
  await contact();
  await contact();
  await holdAll();
  says = [410];
  await contact();
  // Areas were asked to be kept: nothing goes before they are had anew.
  assert.equal((await holding(STREET)).length > 3, true);
  await caches.delete(AREAS);
  says = [410];
  await contact();
  assert.deepEqual(await holding(STREET), []);
});

it("drops an area that the server put back does not know, and goes on", async () => {
  await hold(PAGES, "/pl/", "list");
  await contact();
  await contact();
  await holdAll();
  says = [410];
  elsewhere = 503;
  await contact();
  assert.equal((await holding(STREET)).length > 3, true);
  says = [410];
  elsewhere = 404;
  await contact();
  assert.deepEqual(await holding(STREET), []);
  assert.equal(await readAt(AREAS, recordAddress(AREA)), undefined);
});

it("drops the part of an area that it can neither cut nor have anew, and has it the next time", async () => {
  await holdAll();
  await hold(AREAS, partAddress(AREA, 1), `<p>${STREET}</p><a href="/pl/aid_points/${GONE}/">x</a>`);
  says = [said([GONE])];
  await contact();
  assert.deepEqual(await holding(STREET), []);
  assert.ok(await recallOfArea(new Request(`${ORIGIN}${listAddress(AREA)}`)));
  assert.equal((await readAt(AREAS, recordAddress(AREA))).isTorn, true);
});

it("takes nothing out of a list that it would break", () => {
  const ids = new Set([GONE]);
  assert.equal(without(`<li class="hit" data-id="${GONE}"><ul><li>a</li></ul>${STREET}</li>`, ids), null);
  assert.equal(without(`<a href="/pl/aid_points/${GONE}/x">${STREET}</a>`, ids), null);
  assert.equal(without(`{"id":"${GONE}"}`, ids), null);
  assert.equal(without(LIST, ids), `<ol>${row(STAYS, "Kopernika 1")}</ol>`);
});

it("keeps nothing that a server in front could not renew: it may be gone since", async () => {
  const headers = {
    "Cache-Control": "public, max-age=30",
    "X-Keep": "yes",
    "X-Answered-At": new Date(Date.now() - 3600 * 1000).toUTCString(),
    Date: new Date().toUTCString(),
  };
  const answer = new Response("old", { headers });
  Object.defineProperty(answer, "type", { value: "basic" });
  await settle(PAGES, new Request(`${ORIGIN}/pl/`), answer);
  assert.deepEqual(await holding("old"), []);
});

it("is told to whoever opens a page later, until one has heard of it", async () => {
  await holdAll();
  says = [said([GONE])];
  await contact();
  assert.deepEqual(await untold(), [GONE]);
  // More of it comes together with what somebody is just saying to have heard.
  await hold(PAGES, `/pl/aid_points/${STAYS}/bar`, "Kopernika 1");
  says = [said([STAYS, GONE])];
  await Promise.all([contact(), heard(["0190a5c2-1111-7abc-8def-000000000003"])]);
  assert.deepEqual((await untold()).sort(), [GONE, STAYS]);
  await heard([GONE]);
  assert.deepEqual(await untold(), [STAYS]);
  await heard([STAYS]);
  assert.deepEqual(await untold(), []);
});

it("is noted before anything is taken as done", async () => {
  await holdAll();
  says = [said([GONE])];
  now += EVERY_MS;
  const gone = async () => assert.deepEqual(await untold(), [GONE]);
  await dropGone(ORIGIN, gone, now);
  assert.deepEqual(await untold(), [GONE]);
});
