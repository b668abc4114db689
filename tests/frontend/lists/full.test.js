import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, it, mock } from "node:test";
import "../dom.js";
import { ROOT } from "../../../static/build/paths.mjs";
import { saveButton } from "../../../static/js/lists/quick.js";
import { isSaved, lastUsed, MOST_LISTS, MOST_POINTS, readLists, writeLists } from "../../../static/js/lists/store.js";
import { enhanceSave } from "../../../static/js/place/save.js";
import { page } from "../dom.js";

const id = (/** @type {number} */ n) => `0190a5c2-1111-7abc-8def-${n.toString(16).padStart(12, "0")}`;
const point = (/** @type {number} */ n) => ({ layer: "aid_points", id: id(n), name: `P ${n}`, note: "" });
const full = (/** @type {string} */ name) => ({
  name,
  points: Array.from({ length: MOST_POINTS }, (_, n) => point(n)),
});
const NEXT = id(MOST_POINTS);
const kept = new Map();
Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  value: { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) },
});
// What is said leaves after a while, by a clock that stands still here.
mock.timers.enable({ apis: ["setTimeout"] });
beforeEach(() => kept.clear());

/** The words of the toast after the 101st place was saved. */
function save() {
  const place = { id: NEXT, layer: "aid_points", name: "P", isDiscreet: false };
  saveButton(/** @type {any} */ (place), "").click();
  return document.querySelector(".toast > span")?.textContent ?? "";
}
/** @returns {HTMLSelectElement} */
const select = () => /** @type {any} */ (document.querySelector(".toast select"));
/** @param {string} words */
function choose(words) {
  const option = [...select().options].find(({ textContent }) => textContent === words);
  assert.ok(option, words);
  select().value = option.value;
  select().dispatchEvent(new Event("change"));
}

it("says that a full list took nothing, and offers the others and a new one", () => {
  writeLists([full("A"), { name: "B", points: [] }, full("C")]);
  assert.equal(save(), "Not saved: “A” is full with 100 places.");
  assert.equal(isSaved(readLists(), NEXT), false);
  assert.deepEqual(
    [...select().options].map(({ textContent }) => textContent),
    ["Choose another list", "B", "New list"],
  );
  choose("B");
  assert.equal(document.querySelector(".toast > span")?.textContent, "Saved in “B”.");
  assert.deepEqual(
    readLists().map(({ points }) => points.length),
    [MOST_POINTS, 1, MOST_POINTS],
  );
});

it("begins a new list beside the only one, which is full", () => {
  writeLists([full("")]);
  assert.equal(save(), "Not saved: “My places” is full with 100 places.");
  choose("New list");
  assert.deepEqual(
    readLists().map(({ name, points }) => [name, points.length]),
    [
      ["", MOST_POINTS],
      ["My places 2", 1],
    ],
  );
});

it("leaves a place where it is when the list it is moved to has become full elsewhere", () => {
  writeLists([
    { name: "A", points: [] },
    { name: "B", points: [] },
  ]);
  assert.equal(save(), "Saved in “A”.");
  writeLists([{ name: "A", points: [{ ...point(0), id: NEXT }] }, full("B")]);
  choose("B");
  assert.equal(
    document.querySelector(".toast > span")?.textContent,
    "Not moved: “B” is full with 100 places. The place stays in “A”.",
  );
  assert.equal(isSaved(readLists().slice(0, 1), NEXT), true);
  assert.equal(select().selectedOptions[0]?.textContent, "A");
  assert.equal(lastUsed(readLists()), 0);
});

it("says so on the page of a place, where the tick goes again", () => {
  writeLists([full("A")]);
  const body = page(`<details data-save data-layer="aid_points" data-id="${NEXT}" data-name="P" data-full="FULL">
    <summary></summary><div data-save-lists></div><form data-save-new><input></form><p data-save-most hidden>MOST</p>
    </details><p data-tools-status></p>`);
  enhanceSave(document);
  const tick = /** @type {HTMLInputElement} */ (body.querySelector("[data-save-lists] input"));
  tick.click();
  assert.equal(tick.checked, false);
  assert.equal(body.querySelector("[data-tools-status]")?.textContent, "FULL");
  assert.equal(isSaved(readLists(), NEXT), false);
  const most = /** @type {HTMLElement} */ (body.querySelector("[data-save-most]"));
  assert.equal(most.hidden, true);
  writeLists(Array.from({ length: MOST_LISTS }, (_, n) => ({ name: String(n), points: [] })));
  assert.equal(most.hidden, false);
});

it("says the same numbers in the page as in the script", () => {
  const markup = readFileSync(join(ROOT, "app", "templating", "templates", "feature", "parts.html"), "utf8");
  assert.match(markup, new RegExp(`data-full="[^>]*n=${MOST_POINTS}\\)`));
  assert.match(markup, new RegExp(`data-save-most>[^<]*n=${MOST_LISTS}\\)`));
});
