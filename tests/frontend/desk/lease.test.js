import assert from "node:assert/strict";
import { it, mock } from "node:test";
import { holdLease } from "../../../static/js/desk/lease.js";
import { page } from "../dom.js";

it("asks again when the page is seen again: meanwhile a colleague may have it", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  const desk = page(`<main><div data-lease="/desk/submissions/1"><p data-lease-words>You have it</p></div></main>`);
  const asked = [];
  const send = async (/** @type {string} */ address) => {
    asked.push(address);
    return { ok: true, json: async () => ({ words: asked.length > 1 ? "Ola looks at this" : "You have it" }) };
  };
  holdLease(desk, send);
  await new Promise(setImmediate);
  document.dispatchEvent(new Event("visibilitychange"));
  await new Promise(setImmediate);
  assert.deepEqual(asked, Array(2).fill("/desk/submissions/1/claim"));
  assert.equal(desk.querySelector("[data-lease-words]").textContent, "Ola looks at this");
});
