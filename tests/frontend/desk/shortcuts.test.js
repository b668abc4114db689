import assert from "node:assert/strict";
import { it } from "node:test";
import { offerShortcuts } from "../../../static/js/desk/shortcuts.js";
import { page } from "../dom.js";

it("does nothing until it is turned on, and nothing while somebody types", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const body = page(
    '<button data-shortcuts hidden></button><button id="go" data-key="a">Publish</button><input id="field">',
  );
  let published = 0;
  body.querySelector("#go").addEventListener("click", () => {
    published += 1;
  });
  const press = (key, target = body, more = {}) =>
    target.dispatchEvent(Object.assign(new Event("keydown", { bubbles: true, cancelable: true }), { key, ...more }));

  offerShortcuts(body, storage);
  press("a");
  assert.equal(published, 0);
  body.querySelector("[data-shortcuts]").click();
  press("a");
  assert.equal(published, 1);
  assert.equal(body.querySelector("#go kbd").textContent, "a");
  press("a", body.querySelector("#field"));
  press("b");
  // A key that is held would press what stands on the next page as well.
  press("a", body, { repeat: true });
  assert.equal(published, 1);
  assert.deepEqual([...kept.values()], ["on"]);
});
