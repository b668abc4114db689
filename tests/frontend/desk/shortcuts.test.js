import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { offerShortcuts } from "../../../static/js/desk/shortcuts.js";
import { page } from "../dom.js";

/** @type {Map<string, string>} */
let kept;
const storage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};

/** A page, its acts as they are done, and what presses a key. */
function desk() {
  const body = page(
    '<button data-shortcuts hidden></button><button id="go" data-key="p">Publish</button>' +
      '<button id="no" data-key="r">No</button><input id="field">',
  );
  const done = [];
  for (const button of body.querySelectorAll("[data-key]")) {
    button.addEventListener("click", () => done.push(button.id));
  }
  const listeners = [];
  const listen = document.addEventListener.bind(document);
  // One page after another: the listeners of the last one are gone, as in a browser.
  document.addEventListener = (name, listener) => {
    listeners.push([name, listener]);
    listen(name, listener);
  };
  offerShortcuts(body, storage);
  document.addEventListener = listen;
  leave = () => {
    for (const [name, listener] of listeners) document.removeEventListener(name, listener);
  };
  const press = (key, target = body, more = {}) =>
    target.dispatchEvent(Object.assign(new Event("keydown", { bubbles: true, cancelable: true }), { key, ...more }));
  return { body, done, press, help: body.querySelector("dialog"), toggle: body.querySelector("dialog [aria-pressed]") };
}

let leave = () => {};

beforeEach(() => {
  leave();
  kept = new Map();
});

/** Type a key into the field of an act. */
function choose(body, act, key) {
  const field = body.querySelector(`#key-${act}`);
  field.value = key;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return field;
}

it("does nothing until it is turned on, and nothing while somebody types", () => {
  const { body, done, press, toggle } = desk();
  press("p");
  assert.deepEqual(done, []);
  assert.equal(body.querySelector("#go").getAttribute("aria-keyshortcuts"), null);
  toggle.click();
  press("p");
  assert.deepEqual(done, ["go"]);
  assert.equal(body.querySelector("#go kbd").textContent, "p");
  press("p", body.querySelector("#field"));
  press("b");
  // A key that is held would press what stands on the next page as well.
  press("p", body, { repeat: true });
  press("p", body, { ctrlKey: true });
  assert.deepEqual(done, ["go"]);
  assert.deepEqual([...kept.values()], ["on"]);
});

it("opens the help by its button always, by its key once keys are on, and does nothing behind it", () => {
  const { body, done, press, help, toggle } = desk();
  press("?");
  assert.equal(help.open, false);
  body.querySelector("[data-shortcuts]").click();
  assert.equal(help.open, true);
  toggle.click();
  press("p");
  assert.deepEqual(done, []);
  help.close();
  press("?");
  assert.equal(help.open, true);
});

it("gives an act another key, which stays on the device, and refuses one that is taken", () => {
  const first = desk();
  first.toggle.click();
  choose(first.body, "p", "Y");
  first.press("p");
  assert.deepEqual(first.done, []);
  first.press("y");
  assert.deepEqual(first.done, ["go"]);
  assert.equal(choose(first.body, "r", "y").value, "r");
  assert.equal(choose(first.body, "r", "?").value, "r");
  assert.equal(choose(first.body, "r", " ").value, "r");
  assert.match(first.help.querySelector("[role=status]").textContent, /already/);

  leave();
  const second = desk();
  assert.equal(second.body.querySelector("#go kbd").textContent, "y");
  second.body.querySelector("dialog .pair button:last-child").click();
  second.press("p");
  assert.deepEqual(second.done, ["go"]);
});

it("believes nothing that is not what it has kept", () => {
  for (const said of ["{", "null", "[1]", '{"p": 7}']) {
    leave();
    kept = new Map([
      ["pomapa.desk.keys", said],
      ["pomapa.desk.shortcuts", "on"],
    ]);
    const { done, press } = desk();
    press("p");
    assert.deepEqual(done, ["go"], said);
  }
});
