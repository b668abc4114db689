import assert from "node:assert/strict";
import { it } from "node:test";
import { fragmentOf, isCut, listOf } from "../../../static/js/lists/link.js";
import {
  cleanList,
  countSaved,
  isSaved,
  KEY,
  lastUsed,
  MOST_LISTS,
  MOST_POINTS,
  moved,
  readLists,
  rememberUsed,
  toggled,
  without,
  writeLists,
} from "../../../static/js/lists/store.js";

const id = (/** @type {number} */ n) => `0190a5c2-1111-7abc-8def-${n.toString(16).padStart(12, "0")}`;
const point = (/** @type {number} */ n, layer = "aid_points") => ({ layer, id: id(n), name: `P ${n}`, note: "" });
/** @param {string} [text] @returns {any} */
function box(text) {
  const kept = new Map(text === undefined ? [] : [[KEY, text]]);
  return { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v), kept };
}

it("reads what it wrote", () => {
  const storage = box();
  const lists = [{ name: "Pani O.", points: [{ ...point(1), note: "ma psa" }, point(2, "organisations")] }];
  assert.equal(writeLists(lists, storage), true);
  assert.deepEqual(readLists(storage), lists);
});

it("takes anything else that is kept for nothing, or leaves out what does not fit", () => {
  for (const text of ["", "{", "[]", "null", "7", '{"v":2,"lists":[]}', '{"v":1,"lists":{}}', '{"v":1}']) {
    assert.deepEqual(readLists(box(text)), []);
  }
  const odd = [
    null,
    7,
    { id: "x" },
    { id: id(1) },
    { id: id(1), layer: "../desk" },
    { ...point(1), name: {}, note: [] },
    point(1),
  ];
  assert.deepEqual(cleanList({ name: " a\n b ", points: odd }), { name: "a b", points: [{ ...point(1), name: "" }] });
  const throwing = {
    getItem: () => {
      throw new Error("blocked");
    },
    setItem: () => {
      throw new Error("full");
    },
  };
  assert.deepEqual(readLists(/** @type {any} */ (throwing)), []);
  assert.equal(writeLists([], /** @type {any} */ (throwing)), false);
});

it("is bounded", () => {
  const storage = box();
  const much = Array.from({ length: 300 }, (_, n) => point(n));
  writeLists(
    Array.from({ length: 50 }, () => ({ name: "x".repeat(500), points: much })),
    storage,
  );
  const kept = readLists(storage);
  assert.equal(kept.length, MOST_LISTS);
  assert.equal(kept[0]?.points.length, MOST_POINTS);
  assert.equal(kept[0]?.name.length, 80);
});

it("puts in, takes out and moves", () => {
  const lists = [{ name: "a", points: [point(1)] }];
  assert.deepEqual(
    toggled(lists, 0, point(2))[0]?.points.map((p) => p.id),
    [id(1), id(2)],
  );
  assert.deepEqual(toggled(lists, 0, point(1))[0]?.points, []);
  assert.deepEqual(moved([1, 2, 3], 2, -1), [1, 3, 2]);
  assert.deepEqual(moved([1, 2], 0, -1), [1, 2]);
});

it("shares places and name in a short fragment, and no notes", () => {
  const list = {
    name: "Dla Олени & #1",
    points: [{ ...point(1), note: "tajne" }, point(255), point(3, "organisations"), point(4)],
  };
  const fragment = fragmentOf(list);
  assert.match(fragment, /^#v=1&n=/);
  assert.ok(!fragment.includes("tajne"));
  const read = listOf(fragment);
  assert.equal(read?.name, list.name);
  assert.deepEqual(
    read?.points.map((p) => [p.layer, p.id]),
    list.points.map((p) => [p.layer, p.id]),
  );
  const full = fragmentOf({ name: "x", points: Array.from({ length: MOST_POINTS }, (_, n) => point(n)) });
  assert.ok(full.length < 2300);
  assert.equal(listOf(full)?.points.length, MOST_POINTS);
});

it("knows an address that has lost its end", () => {
  const whole = fragmentOf({ name: "Pani O.", points: [point(1), point(2), point(3, "organisations")] });
  assert.equal(isCut(whole), false);
  assert.equal(isCut(whole.slice(0, -5)), true);
  assert.equal(listOf(whole.slice(0, -5))?.points.length, 2);
  assert.equal(isCut("#v=1&n=x"), false);
});

it("takes a hostile fragment for text or for nothing", () => {
  const ids = "A".repeat(22);
  for (const fragment of [
    "",
    "#",
    "#gora",
    "#v=2&p=aid_points.",
    "#v=1&n=x",
    `#v=1&p=../desk.${ids}`,
    `#v=1&p=${ids}`,
    "#v=1&p=aid_points.%%%",
    `#${"v".repeat(1e5)}`,
    `#v=1&p=aid_points.${"<".repeat(22)}`,
  ]) {
    assert.equal(listOf(fragment), null, fragment.slice(0, 40));
  }
  const named = listOf(`#v=1&n=${encodeURIComponent("<img src=x onerror=alert(1)>")}&p=aid_points.${ids}`);
  assert.equal(named?.name, "<img src=x onerror=alert(1)>");
});

it("counts a place once that is in two lists, and takes it out of both", () => {
  const [one, other] = [1, 2].map((n) => ({
    layer: "aid_points",
    id: `0000000${n}-0000-4000-8000-000000000000`,
    name: "",
    note: "",
  }));
  const lists = [
    { name: "a", points: [one, other] },
    { name: "b", points: [one] },
  ];
  assert.equal(countSaved(lists), 2);
  assert.equal(isSaved(without(lists, one.id), one.id), false);
  assert.equal(countSaved(without(lists, one.id)), 1);
});

it("remembers the list that was used last, while it is there", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const lists = [
    { name: "a", points: [] },
    { name: "b", points: [] },
  ];
  assert.equal(lastUsed(lists, storage), 0);
  rememberUsed(1, storage);
  assert.equal(lastUsed(lists, storage), 1);
  assert.equal(lastUsed(lists.slice(0, 1), storage), 0);
});

it("does without a browser that keeps nothing, which throws at the mere mention of its storage", () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get() {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  });
  try {
    assert.deepEqual(readLists(), []);
    assert.equal(writeLists([{ name: "", points: [point(1)] }]), false);
    assert.equal(lastUsed([{ name: "", points: [] }]), 0);
    rememberUsed(1);
  } finally {
    if (before) Object.defineProperty(globalThis, "localStorage", before);
    else Reflect.deleteProperty(globalThis, "localStorage");
  }
});
