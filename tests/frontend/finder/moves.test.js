import "../dom.js";
import assert from "node:assert/strict";
import { beforeEach, it, mock } from "node:test";

const { Moves } = await import("../../../static/js/finder/moves.js");

/** Rests long enough for a question. */
const REST_MS = 250;
/** So long Leaflet waits after a change of size. */
const LEAFLET_MS = 200;

/** A map that says what a test wants it to. */
class StandIn extends EventTarget {
  /** @param {string} name @param {() => void} listener */
  on(name, listener) {
    this.addEventListener(name, listener);
  }

  /** @param {string} name */
  fire(name) {
    this.dispatchEvent(new Event(name));
  }

  getBounds() {
    return { getWest: () => 20, getSouth: () => 50, getEast: () => 21, getNorth: () => 51 };
  }
}

/** @type {StandIn} */
let map;
/** @type {InstanceType<typeof Moves>} */
let moves;
/** @type {string[]} */
let heard;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  map = new StandIn();
  moves = new Moves(/** @type {any} */ (map));
  heard = [];
  for (const name of ["rested", "asked"]) moves.addEventListener(name, () => heard.push(name));
});

it("asks about what somebody moves", () => {
  map.fire("moveend");
  mock.timers.tick(REST_MS);
  assert.deepEqual(heard, ["rested", "asked"]);
});

it("asks nothing about a move of the page, even if the one before has not come to rest", () => {
  moves.bySelf();
  map.fire("moveend");
  mock.timers.tick(REST_MS - 50);
  moves.bySelf();
  mock.timers.tick(LEAFLET_MS);
  map.fire("moveend");
  mock.timers.tick(REST_MS);
  assert.deepEqual(heard, ["rested"]);
  map.fire("moveend");
  mock.timers.tick(REST_MS);
  assert.deepEqual(heard, ["rested", "rested", "asked"]);
});

it("lets who waits for it know that the map rests, and keeps nobody waiting for ever", async () => {
  let rested = 0;
  const wait = () => moves.still.then(() => (rested += 1));
  await wait();
  map.fire("movestart");
  const waiting = wait();
  map.fire("moveend");
  mock.timers.tick(REST_MS - 1);
  await Promise.resolve();
  assert.equal(rested, 1);
  mock.timers.tick(1);
  await waiting;
  assert.equal(rested, 2);
  map.fire("movestart");
  const long = wait();
  mock.timers.tick(4000);
  await long;
  assert.equal(rested, 3);
});
