import assert from "node:assert/strict";
import { it } from "node:test";
import "../dom.js";
import { fragmentOf } from "../../../static/js/lists/link.js";
import { writeLists } from "../../../static/js/lists/store.js";
import { page } from "../dom.js";

const POINT = { layer: "aid_points", id: "0190a5c2-1111-7abc-8def-000000000001", name: "", note: "" };

for (const [name, value] of Object.entries({
  location: window.location,
  localStorage: window.localStorage,
  fetch: async () => ({ ok: false }),
})) {
  Object.defineProperty(globalThis, name, { configurable: true, value });
}

/** @param {string} fragment */
function goTo(fragment) {
  location.hash = fragment;
  window.dispatchEvent(new window.Event("hashchange"));
}

it("shows a shared list, and goes on showing it to whoever goes past the navigation", async () => {
  page(
    '<a class="skip" href="#content">Skip</a><main id="content" tabindex="-1"><div data-lists data-lang="en"></div></main>',
  );
  location.hash = "#content";
  await import("../../../static/js/lists.js");
  const root = /** @type {Element} */ (document.querySelector("[data-lists]"));
  const status = () => root.querySelector("[role=status]")?.textContent;
  assert.equal(status(), "");
  goTo(fragmentOf({ name: "Na jutro", points: [POINT] }));
  assert.match(root.textContent ?? "", /Na jutro/);
  const field = root.querySelector("button");
  goTo("#content");
  assert.match(root.textContent ?? "", /Na jutro/);
  assert.equal(status(), "");
  assert.equal(root.querySelector("button"), field);
  goTo("#v=1&n=Na");
  assert.equal(status(), "This link is not complete or no longer valid.");
  goTo("#content");
  assert.equal(status(), "This link is not complete or no longer valid.");
});

it("leaves the focus with what somebody moves or takes out", () => {
  const points = ["1", "2", "3"].map((n) => ({ ...POINT, id: POINT.id.replace(/1$/, n), name: `Place ${n}` }));
  writeLists([{ name: "", points }]);
  goTo("");
  const root = /** @type {HTMLElement} */ (document.querySelector("[data-lists]"));
  const press = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (root.querySelector(`button[aria-label="${name}"]`)).click();
  const focused = () => {
    const { activeElement } = document;
    return activeElement?.getAttribute("aria-label") ?? `${activeElement?.tagName} ${activeElement?.textContent}`;
  };
  const said = root.querySelector("[role=status]");
  press("Move up: Place 3");
  assert.equal(focused(), "Move up: Place 3");
  press("Move up: Place 3");
  // Pressed once more, the button at the same spot would take it out.
  assert.equal(document.activeElement?.closest("label")?.textContent, "Note, only for you: Place 3");
  press("Take out: Place 3");
  assert.equal(focused(), "A Place 1");
  press("Take out: Place 2");
  assert.equal(focused(), "A Place 1");
  press("Take out: Place 1");
  assert.equal(focused(), "H2 My places");
  // Only what was there before is heard when it gets its words.
  assert.equal(root.querySelector("[role=status]"), said);
  assert.equal(said?.textContent, "Taken out");
});
