import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { ANSWERS, PAGES } from "../../../static/js/sw/caches.js";
import { settle } from "../../../static/js/sw/settling.js";
import { keptInMemory } from "./kept-in-memory.js";

const ORIGIN = "https://pomapa.example";
const ID = "0190a5c2-1111-7abc-8def-000000000001";
const PAGE = `${ORIGIN}/pl/aid_points/${ID}/jadlo`;
const SLIP = `${ORIGIN}/uk/aid_points/${ID}/slip.html`;
const LIST = `${ORIGIN}/pl/?service=hot_meals`;

/** By the name of the cache and the address. @type {Map<string, Map<string, Response>>} */
let kept;

beforeEach(async () => {
  kept = keptInMemory();
  await (await caches.open(PAGES)).put(PAGE, new Response("the place"));
  await (await caches.open(PAGES)).put(SLIP, new Response("its slip"));
  await (await caches.open(ANSWERS)).put(LIST, new Response(`a list with ${ID}`));
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
