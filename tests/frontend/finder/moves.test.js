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
  /** @param {string} name of one event or of several @param {() => void} listener */
  on(name, listener) {
    for (const one of name.split(" ")) this.addEventListener(one, listener);
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
/** @type {EventTarget} */
let holder;
/** @type {InstanceType<typeof Moves>} */
let moves;
/** @type {string[]} */
let heard;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  map = new StandIn();
  holder = new EventTarget();
  moves = new Moves(/** @type {any} */ (map), holder);
  heard = [];
  for (const name of ["rested", "asked"]) moves.addEventListener(name, () => heard.push(name));
});

/** The map comes to rest after a move. */
function move() {
  map.fire("moveend");
  mock.timers.tick(REST_MS);
}

/** @param {string} kind @param {object} details */
function hand(kind, details = {}) {
  holder.dispatchEvent(Object.assign(new Event(kind), details));
}

it("asks about what somebody moves, whatever they move it with", () => {
  const ways = [
    () => map.fire("dragstart"),
    () => map.fire("boxzoomstart"),
    () => hand("wheel"),
    () => hand("dblclick"),
    () => hand("touchmove", { touches: [1, 2] }),
    () => hand("keydown", { key: "ArrowLeft" }),
    () => hand("keydown", { key: "+" }),
    () => hand("keydown", { key: "Enter" }),
    () => moves.byHand(),
  ];
  for (const way of ways) {
    moves.bySelf();
    way();
    heard = [];
    move();
    assert.deepEqual(heard, ["rested", "asked"], way.toString());
  }
});

it("asks nothing where nobody has touched the map", () => {
  move();
  for (const key of ["Tab", "Shift", "Escape"]) hand("keydown", { key });
  hand("touchmove", { touches: [1] });
  hand("click");
  move();
  assert.deepEqual(heard, ["rested", "rested"]);
});

it("asks nothing about a move of the page, even if the one before has not come to rest", () => {
  map.fire("dragstart");
  map.fire("moveend");
  mock.timers.tick(REST_MS - 50);
  moves.bySelf();
  mock.timers.tick(LEAFLET_MS);
  move();
  assert.deepEqual(heard, ["rested", "rested"]);
  map.fire("dragstart");
  move();
  assert.deepEqual(heard, ["rested", "rested", "rested", "asked"]);
});

it("asks nothing when a move of the page ends after another has come to rest meanwhile", () => {
  moves.bySelf(); // The page becomes smaller by a strip; Leaflet waits before it tells of it.
  mock.timers.tick(LEAFLET_MS);
  map.fire("moveend");
  mock.timers.tick(REST_MS - 10);
  moves.bySelf(); // A list has come: the map slides to its places, for as long as a rest takes.
  mock.timers.tick(REST_MS);
  move();
  assert.deepEqual(heard, ["rested", "rested"]);
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
