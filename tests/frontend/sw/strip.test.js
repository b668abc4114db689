import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { showStrip } from "../../../static/js/sw/strip.js";
import { page } from "../dom.js";

globalThis.location ??= /** @type {any} */ ({ href: "https://pomapa.example/pl/table" });

/** @param {boolean} onLine whether the device thinks that it has a network */
const connected = (onLine) => Object.defineProperty(globalThis, "navigator", { value: { onLine }, configurable: true });

beforeEach(() => connected(false));

const headed = () => page('<header class="top"></header><h1 data-without>Without internet</h1>').querySelector("h1");

it("does not call the page of what is kept 'without internet' where our server does not answer", () => {
  const heading = headed();
  showStrip({ kind: "missing", reason: "down" });
  assert.equal(heading.textContent, "Our server does not answer at the moment");
  assert.equal(document.title, "Our server does not answer at the moment – Pomapa");
});

it("leaves the heading where there is no internet, and where a kept page is shown", () => {
  for (const how of [
    { kind: "missing", reason: "offline" },
    { kind: "kept", reason: "down", date: Date.now() },
  ]) {
    const heading = headed();
    showStrip(how);
    assert.equal(heading.textContent, "Without internet");
  }
});

it("says 'no internet' only where the device has none: else it is our server that does not answer", () => {
  for (const how of [{ kind: "missing" }, { kind: "kept", date: Date.now() }])
    for (const [onLine, words] of [
      [true, "Our server does not answer at the moment."],
      [false, "No internet."],
    ]) {
      connected(onLine);
      const heading = headed();
      showStrip({ ...how, reason: "offline" });
      assert.ok(document.querySelector("[data-network-strip]").textContent.startsWith(words));
      assert.equal(heading.textContent === "Without internet", how.kind === "kept" || !onLine);
    }
});
