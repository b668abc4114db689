import assert from "node:assert/strict";
import { it } from "node:test";
import { combobox, marked } from "../../static/js/combobox.js";
import { page } from "./dom.js";

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

it("marks what was typed, without marks and case, and makes no markup of it", () => {
  const texts = (parts) => parts.map((part) => (typeof part === "string" ? part : `[${part.textContent}]`)).join("");
  assert.equal(texts(marked("Jędrzejów", "jedrz")), "[Jędrz]ejów");
  assert.equal(texts(marked("Łódź", "lodz")), "[Łódź]");
  assert.equal(texts(marked("<b>", "b")), "<[b]>");
  assert.equal(texts(marked("abc", "x")), "abc");
});

it("moves with the arrows, takes with Enter, closes with Escape", async () => {
  const body = page('<input id="q"><div id="list" hidden></div>');
  const input = body.querySelector("#q");
  const list = body.querySelector("#list");
  const taken = [];
  combobox(input, {
    list,
    label: "Suggestions",
    suggest: async () => [
      {
        name: "Towns",
        choices: ["Kielce", "Kraków"].map((value) => ({ value, row: () => [document.createTextNode(value)] })),
      },
    ],
    take: (value) => taken.push(value),
  });
  const press = (key) =>
    input.dispatchEvent(Object.assign(new Event("keydown", { bubbles: true, cancelable: true }), { key }));
  input.focus();
  input.value = "Ki";
  input.dispatchEvent(new Event("input"));
  await wait(250);
  assert.equal(list.hidden, false);
  assert.equal(input.getAttribute("aria-expanded"), "true");
  press("ArrowDown");
  press("ArrowDown");
  assert.equal(document.getElementById(input.getAttribute("aria-activedescendant")).textContent, "Kraków");
  press("ArrowDown");
  press("Enter");
  assert.deepEqual(taken, ["Kielce"]);
  assert.equal(list.hidden, true);
  press("ArrowDown");
  assert.equal(list.hidden, false);
  press("Escape");
  assert.equal(list.hidden, true);
});
