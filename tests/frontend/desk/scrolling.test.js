import assert from "node:assert/strict";
import { it } from "node:test";
import { scrollPane } from "../../../static/js/desk/scrolling.js";
import { page } from "../dom.js";

/** A pane 100 px high, and how far each key has scrolled it. */
function made() {
  const desk = page(
    `<main><div class="queue"><a href="/"></a></div><article class="review"></article><div class="decide"><a href="/"></a><input></div></main>`,
  ).querySelector("main");
  const gone = [];
  const pane = desk.querySelector(".review");
  Object.defineProperty(pane, "clientHeight", { value: 100 });
  pane.scrollBy = ({ top }) => gone.push(top);
  scrollPane(desk);
  const press = (selector, key, more = {}) =>
    document
      .querySelector(selector)
      .dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  return { gone, press };
}

it("scrolls the pane by keys that are pressed outside of it", () => {
  const { gone, press } = made();
  press("body", "PageDown");
  press("body", " ", { shiftKey: true });
  press(".decide a", "ArrowDown");
  assert.deepEqual(gone, [90, -90, 40]);
});

it("leaves every other key, and keys in panes and fields, alone", () => {
  const { gone, press } = made();
  assert.deepEqual(
    [
      press("body", "x"),
      press("body", "PageDown", { ctrlKey: true }),
      press(".queue a", "PageDown"),
      press(".review", "PageDown"),
      press(".decide input", "ArrowDown"),
      press(".decide a", " "),
    ],
    [true, true, true, true, true, true],
  );
  assert.deepEqual(gone, []);
});
