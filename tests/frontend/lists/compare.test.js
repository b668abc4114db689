import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import "../dom.js";
import { comparison, forgetChoices } from "../../../static/js/lists/compare.js";
import { page } from "../dom.js";

const point = (/** @type {number} */ n) => ({ layer: "aid_points", id: `id${n}`, name: `P ${n}`, note: "" });
const points = (/** @type {number} */ n) => Array.from({ length: n }, (_, i) => point(i));

/** @param {ReturnType<typeof point>[]} some @param {(HTMLElement | null | Error)[]} [rows] what the server says of each */
function shown(some, rows = []) {
  const parts = some.map((_, i) => (rows[i] instanceof Error ? Promise.reject(rows[i]) : settled(rows[i])));
  const box = comparison(some, 0, parts, "pl");
  if (box) page("").append(box);
  return /** @type {HTMLElement} */ (box);
}
/** @param {any} row @returns {Promise<HTMLElement | null>} */
const settled = (row) => (row === undefined ? new Promise(() => {}) : Promise.resolve(row));
/** @param {HTMLElement} box */
const ticks = (box) => /** @type {HTMLInputElement[]} */ ([...box.querySelectorAll("[type=checkbox]")]);
/** @param {HTMLElement} box */
const said = (box) => box.querySelector("[role=status]")?.textContent;
/** @param {HTMLElement} box */
const sent = (box) => /** @type {HTMLInputElement} */ (box.querySelector("[name=ids]")).value;
/** Whether the form would be sent. @param {HTMLElement} box */
function sends(box) {
  const event = new window.Event("submit", { cancelable: true });
  return /** @type {HTMLFormElement} */ (box.querySelector("form")).dispatchEvent(event);
}

beforeEach(forgetChoices);

it("compares two to four places at one press, and one place with nothing", () => {
  assert.equal(shown(points(1)), false);
  for (const n of [2, 4]) {
    const link = shown(points(n));
    const ids = points(n).map(({ id }) => id);
    assert.equal(link.getAttribute("href"), `/pl/compare?ids=${ids}`);
    assert.equal(link.textContent, "Compare these places");
  }
});

it("lets choose of a longer list, and sends what is chosen in the order of the list", () => {
  const box = shown(points(6));
  assert.equal(box.querySelector("legend")?.textContent, "Tick 2 to 4 places.");
  assert.equal(box.querySelector("form")?.getAttribute("action"), "/pl/compare");
  for (const i of [5, 0, 3]) ticks(box)[i]?.click();
  assert.equal(said(box), "Chosen: 3 of 4");
  assert.equal(sent(box), "id0,id3,id5");
  ticks(box)[0]?.click();
  assert.equal(sent(box), "id3,id5");
  assert.equal(sends(box), true);
});

it("takes no fifth place and says so", () => {
  const box = shown(points(6));
  for (const i of [0, 1, 2, 3, 4]) ticks(box)[i]?.click();
  assert.deepEqual(
    ticks(box).map(({ checked }) => checked),
    [true, true, true, true, false, false],
  );
  assert.equal(said(box), "More than 4 cannot be compared. Untick one first.");
  assert.equal(sent(box), "id0,id1,id2,id3");
  ticks(box)[0]?.click();
  ticks(box)[4]?.click();
  assert.equal(sent(box), "id1,id2,id3,id4");
});

it("compares no single place, says so and goes to the next that can be ticked", () => {
  const box = shown(points(5));
  ticks(box)[0]?.click();
  assert.equal(sends(box), false);
  assert.equal(said(box), "Tick at least 2 places.");
  assert.equal(document.activeElement, ticks(box)[1]);
});

it("knows what was ticked when the page shows its lists anew, in their new order", () => {
  const box = shown(points(5));
  for (const i of [1, 2]) ticks(box)[i]?.click();
  const again = shown([...points(5)].reverse());
  assert.equal(said(again), "Chosen: 2 of 4");
  assert.equal(sent(again), "id2,id1");
  // Of what was taken out nothing is left.
  const others = [point(0), point(2), ...points(9).slice(6)];
  assert.equal(sent(shown(others)), "id2");
});

it("calls places as their rows do, and leaves out what is not on the map any more", async () => {
  const row = document.createElement("article");
  row.innerHTML = '<strong><bdi>Soup</bdi></strong><span class="meta">Hot meals</span>';
  const nameless = points(5).map((one) => ({ ...one, name: "" }));
  const box = shown(nameless, [row, null, new TypeError("no network")]);
  for (const i of [0, 1]) ticks(box)[i]?.click();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    [...box.querySelectorAll("label")].map(({ textContent }) => textContent),
    ["SoupHot meals", "Place", "Place", "Place"],
  );
  assert.equal(sent(box), "id0");
  assert.equal(said(box), "Chosen: 1 of 4");
});
