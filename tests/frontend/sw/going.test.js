/** What is kept goes again: when it is old, when an area is had anew, when a worker starts. */
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { renewUnreadable, renewVisited, takeOutOfAreas } from "../../../static/js/sw/area-renewal.js";
import {
  dropOldAreas,
  frameAddress,
  keptArea,
  listAddress,
  partAddress,
  placesAddress,
  recordAddress,
  removeArea,
} from "../../../static/js/sw/areas.js";
import { ANSWERS, AREAS, PAGES, recall } from "../../../static/js/sw/caches.js";
import { keepArea } from "../../../static/js/sw/keep-area.js";
import { settle } from "../../../static/js/sw/settling.js";
import { keptInMemory } from "./kept-in-memory.js";

const ORIGIN = "https://pomapa.example";
const ID = "0190a5c2-1111-7abc-8def-000000000001";
const OTHER = "0190a5c2-1111-7abc-8def-000000000002";
const AREA = { code: "PL-1", lang: "uk", name: "Miasto" };
const PAGE = `${ORIGIN}/uk/?area=PL-1`;
const DAY_MS = 24 * 3600 * 1000;
const ALLOWED = { "Cache-Control": "public, max-age=60", "X-Keep": "yes" };

/** By the name of the cache and the address. @type {Map<string, Map<string, Response>>} */
let kept;
/** What the network was asked for. @type {string[]} */
let asked;
/** Of what the network answers. @type {Record<string, string>} */
let headers;
/** And what all else than an area without places is answered with, by address. @type {Record<string, string>} */
let texts;
/** What the worker listens to. @type {Map<string, (event: object) => void>} */
const listeners = new Map();

const ago = (/** @type {number} */ days) => new Date(Date.now() - days * DAY_MS);

beforeEach(() => {
  kept = keptInMemory();
  asked = [];
  headers = ALLOWED;
  texts = {};
  Object.assign(globalThis, {
    fetch: async (/** @type {string} */ url) => {
      asked.push(url);
      const text = texts[url.replace(ORIGIN, "")] ?? '{"features":[]}';
      const answer = new Response(text, { headers });
      Object.defineProperty(answer, "type", { value: "basic" });
      answer.clone = () => new Response(text, { headers });
      return answer;
    },
  });
});

/** @param {string} name @param {string} address @param {number} days */
async function hold(name, address, days) {
  const made = { "X-Answered-At": ago(days).toUTCString() };
  await (await caches.open(name)).put(address, new Response("old", { headers: made }));
}

/** An area as it was kept so many days ago, with a list that names a place.
 * @param {number} days
 * @param {boolean} [isOld] by a worker that could not read its places
 */
async function holdArea(days, isOld = false) {
  const cache = await caches.open(AREAS);
  const urls = isOld ? [listAddress(AREA)] : [listAddress(AREA), placesAddress(AREA)];
  await cache.put(listAddress(AREA), new Response(`a list with ${ID}`));
  const record = { ...AREA, places: 1, bytes: 1, date: ago(days).getTime(), urls };
  await cache.put(recordAddress(AREA), new Response(JSON.stringify(record)));
}

it("keeps no area of which the server does not allow everything", async () => {
  headers = { "Cache-Control": "public, max-age=60" };
  await assert.rejects(keepArea(AREA, ORIGIN));
  assert.equal(await keptArea(AREA), null);
});

it("drops pages and answers of more than a month when they are asked for", async () => {
  for (const name of [PAGES, ANSWERS]) {
    await hold(name, PAGE, 29);
    assert.ok(await recall(name, new Request(PAGE)), name);
    await hold(name, PAGE, 31);
    assert.equal(await recall(name, new Request(PAGE)), undefined, name);
    assert.equal(kept.get(name)?.size, 0, name);
  }
});

it("drops areas of more than a month", async () => {
  await holdArea(29);
  await dropOldAreas();
  assert.ok(await keptArea(AREA));
  await holdArea(31);
  await dropOldAreas();
  assert.equal(kept.get(AREAS)?.size, 0);
});

it("has an area anew that is visited, once a day", async () => {
  await holdArea(0.9);
  await renewVisited(PAGE, Date.now());
  assert.deepEqual(asked, []);
  await holdArea(1.1);
  await renewVisited(PAGE, Date.now());
  assert.ok(asked.includes(PAGE));
});

it("has an area anew that a worker before this one has kept with less", async () => {
  await holdArea(0.1);
  await renewUnreadable(ORIGIN);
  assert.deepEqual(asked, []);
  await holdArea(0.1, true);
  await renewUnreadable(ORIGIN);
  assert.ok(asked.includes(ORIGIN + placesAddress(AREA)));
  assert.ok((await keptArea(AREA))?.urls.includes(frameAddress(AREA)));
});

it("keeps no row of what is not among the places that may be kept", async () => {
  const row = (/** @type {string} */ id) => `<li class="hit" data-id="${id}">Street</li>`;
  texts[listAddress(AREA)] = row(ID) + row(OTHER);
  texts[placesAddress(AREA)] = JSON.stringify({ features: [{ id: OTHER }] });
  assert.equal((await keepArea(AREA, ORIGIN)).places, 1);
  const texts_ = [...(kept.get(AREAS)?.values() ?? [])].map((answer) => answer.clone().text());
  assert.ok(!(await Promise.all(texts_)).some((text) => text.includes(ID)));
  assert.ok(
    (
      await kept
        .get(AREAS)
        ?.get(ORIGIN + partAddress(AREA, 1))
        ?.clone()
        .text()
    )?.includes(OTHER),
  );
  // Named where it cannot be cut out: then there is no area.
  texts[listAddress(AREA)] += `<a href="/uk/aid_points/${ID}/x">Street</a>`;
  await assert.rejects(keepArea(AREA, ORIGIN));
});

it("leaves nothing behind of an area that there is no room for", async () => {
  const disk = { room: 4 };
  kept = keptInMemory(disk);
  await assert.rejects(keepArea(AREA, ORIGIN));
  assert.deepEqual([...(kept.get(AREAS)?.keys() ?? [])], []);
});

it("can still remove all of an area, and take places out of it, that there was no room to have anew", async () => {
  const disk = { room: 100 };
  kept = keptInMemory(disk);
  await keepArea(AREA, ORIGIN);
  texts[listAddress(AREA)] = `<li class="hit" data-id="${ID}"></li><a rel="next"></a>`;
  texts[placesAddress(AREA)] = JSON.stringify({ features: [{ id: ID }] });
  disk.room = 0;
  await assert.rejects(keepArea(AREA, ORIGIN));
  assert.equal((await keptArea(AREA))?.isTorn, true);
  texts = {};
  await takeOutOfAreas(new Set([ID]), "https://nowhere.example");
  const left = [...(kept.get(AREAS)?.values() ?? [])].map((answer) => answer.clone().text());
  assert.ok(!(await Promise.all(left)).some((text) => text.includes(ID)));
  await removeArea(AREA);
  assert.equal(kept.get(AREAS)?.size, 0);
});

it("does not bring an area back that was removed while it was had anew", async () => {
  await holdArea(2);
  const { fetch } = globalThis;
  globalThis.fetch = async (url) => {
    await removeArea(AREA);
    return fetch(url);
  };
  await renewVisited(PAGE, Date.now());
  assert.ok(asked.length);
  assert.equal(kept.get(AREAS)?.size, 0);
});

it("has an area anew that holds a place that is gone", async () => {
  await holdArea(0);
  const answer = new Response("", { status: 410 });
  Object.defineProperty(answer, "type", { value: "basic" });
  await settle(PAGES, new Request(`${ORIGIN}/pl/aid_points/${ID}/x`), answer);
  assert.ok(asked.includes(PAGE));
});

/** Start the worker, once for all tests. */
async function startWorker() {
  Object.assign(globalThis, {
    BUILD: { files: [], messages: {} },
    self: {
      location: { origin: ORIGIN },
      clients: { claim: async () => {} },
      addEventListener: (/** @type {string} */ kind, /** @type {any} */ listener) => listeners.set(kind, listener),
    },
  });
  await import("../../../static/js/sw/worker.js");
}

it("asks once more for a file of a build that could not be had, for without it a page does nothing", async () => {
  await startWorker();
  const address = `${ORIGIN}/static/chunk-ABCDEFGH.js`;
  const given = async (/** @type {(Response | Error)[]} */ ...says) => {
    globalThis.fetch = async () => {
      const said = says.shift() ?? new Response("", { status: 500 });
      if (said instanceof Error) throw said;
      return said;
    };
    /** @type {Promise<Response> | undefined} */
    let answer;
    const respondWith = (/** @type {Promise<Response>} */ one) => {
      answer = one;
    };
    listeners.get("fetch")?.({ request: new Request(address), respondWith, waitUntil: () => {} });
    return (await answer)?.text();
  };
  assert.equal(await given(new TypeError("reset"), new Response("script")), "script");
  // One server of several is of the build before.
  assert.equal(await given(new Response("none", { status: 404 }), new Response("script")), "script");
});

it("has an area anew that is a day older than what our server says now, whatever the clock of the device shows", async (test) => {
  await startWorker();
  await holdArea(2);
  const said = { ...ALLOWED, "X-Answered-At": ago(0).toUTCString(), Date: ago(0).toUTCString() };
  const { fetch } = globalThis;
  globalThis.fetch = async (given) =>
    given instanceof Request ? new Response("page", { headers: said }) : fetch(String(given));
  test.mock.timers.enable({ apis: ["Date"], now: Date.UTC(2021, 0, 1) });
  /** @type {Promise<unknown>[]} */
  const work = [];
  const request = Object.defineProperty(new Request(PAGE), "mode", { value: "navigate" });
  const waitUntil = (/** @type {Promise<unknown>} */ done) => work.push(done);
  listeners.get("fetch")?.({ request, resultingClientId: "x", waitUntil, respondWith: waitUntil });
  for (let i = 0; i < work.length; i += 1) await work[i]?.catch?.(() => {});
  assert.ok(asked.includes(ORIGIN + placesAddress(AREA)));
});

it("drops everything that is too old when the worker starts", async () => {
  await startWorker();
  await hold(PAGES, PAGE, 31);
  await hold(ANSWERS, PAGE, 31);
  await holdArea(31);
  /** @type {Promise<unknown>[]} */
  const work = [];
  listeners.get("activate")?.({ waitUntil: (/** @type {Promise<unknown>} */ done) => work.push(done) });
  await Promise.all(work);
  assert.equal(work.length, 1);
  for (const name of [PAGES, ANSWERS, AREAS]) assert.equal(kept.get(name)?.size, 0, name);
});
