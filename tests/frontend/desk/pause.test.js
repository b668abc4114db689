import assert from "node:assert/strict";
import { it } from "node:test";
import { PAUSE_MS, pauseDecisions } from "../../../static/js/desk/pause.js";
import { page } from "../dom.js";

const PAGE = `<main><form data-decision id="reject"><button type="submit">Turn down</button></form>
  <form data-decision id="approve"><button type="submit">Publish</button></form>
  <form id="other"><button>Search</button></form></main>`;

/** A page with a clock that goes on when it is told to. */
function made(markup) {
  const main = page(markup).querySelector("main");
  const waiting = [];
  pauseDecisions(main, (then, ms) => waiting.push({ then, ms }));
  const press = (id) => {
    const event = new Event("submit", { bubbles: true, cancelable: true });
    return main.querySelector(id).dispatchEvent(event);
  };
  const calm = () => [...main.querySelectorAll("[aria-disabled=true]")].map((button) => button.textContent);
  return { waiting, press, calm };
}

it("sends no decision until a second after the page is shown, and shows it", () => {
  const { waiting, press, calm } = made(PAGE);
  assert.deepEqual(calm(), ["Turn down", "Publish"]);
  assert.deepEqual([press("#approve"), press("#reject"), press("#other")], [false, false, true]);
  assert.deepEqual(
    waiting.map(({ ms }) => ms),
    [PAUSE_MS],
  );
  waiting.pop().then();
  assert.deepEqual(calm(), []);
  assert.equal(press("#approve"), true);
});

it("sends one decision while its answer is on its way", () => {
  const { waiting, press, calm } = made(PAGE);
  waiting.pop().then();
  assert.deepEqual([press("#approve"), press("#approve"), press("#reject")], [true, false, false]);
  assert.deepEqual(calm(), ["Turn down", "Publish"]);
  // An answer that never came: the page is still there, and so is the decision.
  waiting.pop().then();
  assert.equal(press("#approve"), true);
});

it("has nothing to do on a page without a decision", () => {
  assert.deepEqual(made("<main><form><button>Search</button></form></main>").waiting, []);
});
