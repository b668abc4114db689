/** Keeping an area on this device: what somebody is told where it does not work. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { offerKeeping } from "../../../static/js/finder/keep-area.js";
import { page } from "../dom.js";
import { keptInMemory } from "../sw/kept-in-memory.js";

/** @param {{ quota: number, usage: number }} estimate what the browser says of its room */
async function said(estimate) {
  keptInMemory();
  const active = {
    postMessage: (/** @type {object} */ _, [/** @type {MessagePort} */ port]) => port.postMessage(null),
  };
  const value = {
    serviceWorker: { ready: Promise.resolve({ active }) },
    storage: { persist: async () => true, estimate: async () => estimate },
  };
  Object.defineProperty(globalThis, "navigator", { value, configurable: true });
  const list = page(
    '<div><div data-keep-area="PL-1" data-name="Miasto" hidden><button></button><span data-keep-said></span></div></div>',
  ).querySelector("div");
  await offerKeeping(list, "en");
  const button = list.querySelector("button");
  button.click();
  while (button.hasAttribute("aria-busy")) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
  return list.querySelector("[data-keep-said]").textContent;
}

it("says whether it was the network or the room on the device", async () => {
  assert.match(await said({ quota: 1e9, usage: 1e6 }), /^This did not work. Try again with a better connection/);
  assert.match(await said({ quota: 1e8, usage: 0.99e8 }), /^There is not enough room on this device/);
  assert.match(await said({ quota: 0, usage: 0 }), /better connection/);
});
