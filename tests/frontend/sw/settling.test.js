import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { ANSWERS, PAGES } from "../../../static/js/sw/caches.js";
import { settle } from "../../../static/js/sw/settling.js";

const ORIGIN = "https://pomapa.test";
const ID = "0190a5c2-1111-7abc-8def-000000000001";
const PAGE = `${ORIGIN}/pl/aid_points/${ID}/jadlo`;
const SLIP = `${ORIGIN}/uk/aid_points/${ID}/slip.html`;
const LIST = `${ORIGIN}/pl/?service=hot_meals`;

/** As much of the browser's caches as the worker uses. @type {Map<string, Map<string, Response>>} */
let kept;

beforeEach(async () => {
  kept = new Map();
  const addressOf = (/** @type {any} */ request) => new URL(request.url ?? request, ORIGIN).href;
  const open = async (/** @type {string} */ name) => {
    const cache = kept.get(name) ?? new Map();
    kept.set(name, cache);
    return {
      match: async (/** @type {any} */ request) => cache.get(addressOf(request))?.clone(),
      put: async (/** @type {any} */ request, /** @type {Response} */ answer) => cache.set(addressOf(request), answer),
      delete: async (/** @type {any} */ request) => cache.delete(addressOf(request)),
      keys: async () => [...cache.keys()].map((url) => ({ url })),
    };
  };
  Object.assign(globalThis, { caches: { open } });
  await (await open(PAGES)).put(PAGE, new Response("the place"));
  await (await open(PAGES)).put(SLIP, new Response("its slip"));
  await (await open(ANSWERS)).put(LIST, new Response(`a list with ${ID}`));
});

/** @param {string} url @param {number} status @param {Record<string, string>} headers */
async function answered(url, status, headers) {
  const answer = new Response("", { status, headers });
  Object.defineProperty(answer, "type", { value: "basic" });
  await settle(PAGES, new Request(url), answer);
  return [...(kept.get(PAGES)?.keys() ?? []), ...(kept.get(ANSWERS)?.keys() ?? [])].sort();
}

it("leaves a place on the device when a form about it is opened", async () => {
  for (const form of [`/pl/suggest/${ID}`, `/pl/suggest/${ID}/closed`, `/uk/report/${ID}`, `/uk/report/${ID}/sent`])
    assert.deepEqual(
      await answered(ORIGIN + form, 200, { "Cache-Control": "no-store" }),
      [LIST, PAGE, SLIP].sort(),
      form,
    );
});

it("takes all pages of a place back that may no longer be kept", async () => {
  assert.deepEqual(await answered(PAGE, 200, { "Cache-Control": "public, max-age=60" }), [LIST]);
});

it("takes everything back that names a place that is gone, also when its form says so", async () => {
  assert.deepEqual(await answered(PAGE, 404, {}), []);
});

it("takes a place back whose form says that it is gone", async () => {
  assert.deepEqual(await answered(`${ORIGIN}/pl/suggest/${ID}`, 404, {}), []);
});
