import assert from "node:assert/strict";
import { it } from "node:test";
import "../dom.js";
import { readLists, writeLists } from "../../../static/js/lists/store.js";
import { ownView, sharedView } from "../../../static/js/lists/view.js";

const id = (/** @type {number} */ n) => `0190a5c2-1111-7abc-8def-${n.toString(16).padStart(12, "0")}`;
const point = (/** @type {number} */ n) => ({ layer: "aid_points", id: id(n), name: "", note: "" });

/** What the server says of each place: a row, a row of a place that nobody else is to find, or nothing. @type {Record<string, string>} */
const ROWS = { [id(1)]: "<article>Soup</article>", [id(2)]: "<article data-discreet>Refuge</article>" };
const kept = new Map();

Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  value: { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) },
});
Object.defineProperty(globalThis, "location", { configurable: true, value: { pathname: "/pl/lists" } });
Object.defineProperty(globalThis, "DOMParser", { configurable: true, value: /** @type {any} */ (window).DOMParser });
globalThis.fetch = /** @type {any} */ (
  async (/** @type {string} */ url) => {
    const row = ROWS[url.split("/")[3] ?? ""];
    if (row === "lost") throw new TypeError("no network");
    return new Response(row ?? "", { status: row ? 200 : 404 });
  }
);

/** Keep a shared list of these places. @param {number[]} numbers @returns {Promise<string>} what is said */
function keep(...numbers) {
  writeLists([]);
  return new Promise((resolve) => {
    const list = { name: "Shared", points: numbers.map(point) };
    const hear = (words = "") => resolve(words);
    const [view] = sharedView(list, { lang: "pl", sprite: "", changed: hear, tell: hear });
    /** @type {HTMLButtonElement} */ (view.querySelector("button")).click();
  });
}

it("keeps a list that somebody shares, with what is not on the map any more", async () => {
  assert.equal(await keep(1, 3), "Saved");
  assert.deepEqual(readLists(), [{ name: "Shared", points: [point(1), point(3)] }]);
});

it("leaves out what nobody else is to find on this device, and says so", async () => {
  assert.match(await keep(2, 1), /Places about violence are not saved/);
  assert.deepEqual(readLists(), [{ name: "Shared", points: [point(1)] }]);
  assert.match(await keep(2), /Places about violence are not saved/);
  assert.deepEqual(readLists(), []);
});

it("keeps nothing while it cannot be asked which these are", async () => {
  ROWS[id(4)] = "lost";
  assert.match(await keep(1, 4), /did not work/);
  assert.deepEqual(readLists(), []);
});

it("says in words that stay what a note is for, and about which place", () => {
  const lists = [{ name: "", points: [{ ...point(1), name: "Soup" }] }];
  const [view] = ownView(lists, /** @type {any} */ ({ lang: "pl", sprite: "", changed: () => {} }));
  const label = view.querySelector(".list-row-acts label");
  assert.equal(label?.textContent, "Note, only for you: Soup");
  assert.equal(label?.querySelector("input")?.getAttribute("placeholder"), null);
});

it("leaves everything where it is when a note or a name is kept: whoever leaves the field is on the way to something", () => {
  writeLists([{ name: "", points: [point(1)] }]);
  /** @type {string[]} */
  const told = [];
  const changed = () => assert.fail("drawn anew");
  const [view] = ownView(readLists(), { lang: "pl", sprite: "", changed, tell: (words) => told.push(words) });
  const [note, name] = /** @type {HTMLInputElement[]} */ ([...view.querySelectorAll("input")]);
  note.value = "gate code 7";
  note.dispatchEvent(new Event("change"));
  name.value = "For Olha";
  name.dispatchEvent(new Event("change"));
  assert.deepEqual(told, ["Saved", "Saved"]);
  assert.deepEqual(readLists(), [{ name: "For Olha", points: [{ ...point(1), note: "gate code 7" }] }]);
  assert.equal(view.querySelector("h2")?.textContent, "For Olha");
  assert.equal(view.getAttribute("aria-label"), "For Olha");
});

it("asks for each place once, however often the page is drawn anew", async () => {
  writeLists([{ name: "", points: [point(5), point(6)] }]);
  ROWS[id(5)] = "<article>Bread</article>";
  const options = { lang: "uk", sprite: "", changed: () => {}, tell: () => {} };
  const [first] = ownView(readLists(), options);
  await new Promise((resolve) => setTimeout(resolve));
  assert.match(first.textContent ?? "", /Bread.*Not on the map any more/s);
  ROWS[id(5)] = "lost";
  const [again] = ownView(readLists(), options);
  assert.match(again.textContent ?? "", /Bread.*Not on the map any more/s);
});
