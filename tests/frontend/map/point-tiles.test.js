import assert from "node:assert/strict";
import { beforeEach, it, mock } from "node:test";
import { PointTiles } from "../../../static/js/map/point-tiles.js";

mock.timers.enable({ apis: ["setTimeout"] });

const TOWN = [20.6, 50.8, 20.7, 50.9];
/** What has been told, in its order. @type {string[]} */
let told = [];
/** Gives the waiting tiles what they wait for. @type {(answer: Response) => void} */
let come = () => {};
/** @type {PointTiles} */
let tiles;

beforeEach(() => {
  told = [];
  const { promise, resolve } = Promise.withResolvers();
  come = resolve;
  globalThis.fetch = () => promise.then((answer) => answer.clone());
  tiles = new PointTiles("/tiles/{z}/{x}/{y}.geojson");
  for (const name of ["items", "failed", "slow"]) tiles.addEventListener(name, () => told.push(name));
});

const EMPTY = () => new Response(JSON.stringify({ features: [] }));

it("tells that places are long in coming, once, and then that they are there", async () => {
  const loading = tiles.load(TOWN, 11, "");
  mock.timers.tick(600);
  assert.deepEqual(told, []);
  mock.timers.tick(200);
  assert.deepEqual(told, ["slow"]);
  come(EMPTY());
  await loading;
  assert.deepEqual(told, ["slow", "items"]);
});

it("says nothing of waiting when they come at once, nor of a view that nobody looks at any more", async () => {
  const first = tiles.load(TOWN, 11, "");
  const second = tiles.load(TOWN, 12, "");
  come(EMPTY());
  await Promise.all([first, second]);
  mock.timers.tick(5000);
  assert.deepEqual(told, ["items"]);
});
