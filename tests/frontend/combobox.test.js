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

/** A combobox whose answers come when the test says so; `aborted` counts the questions that were given up. */
function slow(wishes = {}) {
  const body = page('<form><input id="q" type="search"><div id="list" hidden></div></form>');
  const [input, list] = [body.querySelector("#q"), body.querySelector("#list")];
  const box = { input, list, taken: [], asked: [], aborted: 0, answers: [] };
  combobox(input, {
    list,
    label: "Suggestions",
    take: (value) => box.taken.push(value),
    suggest: (query, signal) => {
      box.asked.push(query);
      signal.addEventListener("abort", () => {
        box.aborted += 1;
      });
      return new Promise((resolve) => {
        box.answers.push((...values) =>
          resolve([
            { name: "", choices: values.map((value) => ({ value, row: () => [document.createTextNode(value)] })) },
          ]),
        );
      });
    },
    ...wishes,
  });
  box.press = (key) => {
    const event = Object.assign(new Event("keydown", { bubbles: true, cancelable: true }), { key });
    input.dispatchEvent(event);
    return event;
  };
  box.type = (text) => {
    input.value = text;
    input.dispatchEvent(new Event("input"));
  };
  input.focus();
  return box;
}

it("does not open again for an answer that comes after a row was chosen", async () => {
  const box = slow();
  box.type("Ki");
  await wait(250);
  box.answers[0]("Kielce");
  await wait(0);
  assert.equal(box.list.hidden, false);
  box.type("Kie");
  await wait(250);
  box.press("ArrowDown");
  box.press("Enter");
  assert.deepEqual(box.taken, ["Kielce"]);
  box.answers[1]("Kielce", "Kielno");
  await wait(0);
  assert.equal(box.list.hidden, true);
  assert.equal(box.aborted, 2);
});

it("does not open after Escape, neither for a late answer nor for what was about to be asked", async () => {
  const box = slow();
  box.type("Ki");
  await wait(250);
  box.press("Escape");
  box.answers[0]("Kielce");
  await wait(0);
  assert.equal(box.list.hidden, true);
  box.type("Kie");
  box.press("Escape");
  await wait(250);
  assert.deepEqual(box.asked, ["Ki"]);
});

it("keeps what was typed when Escape is pressed in a search field", () => {
  const box = slow();
  box.type("Kielce");
  assert.equal(box.press("Escape").defaultPrevented, true);
  box.input.value = "";
  assert.equal(box.press("Escape").defaultPrevented, false);
});

it("looks at once for Enter where there is nothing to send, and leaves Enter to a form that can be sent", () => {
  const looking = slow({ looks: true });
  looking.type("Kielce");
  assert.equal(looking.press("Enter").defaultPrevented, true);
  assert.deepEqual(looking.asked, ["Kielce"]);
  const sending = slow();
  sending.type("Kielce");
  assert.equal(sending.press("Enter").defaultPrevented, false);
  sending.press("Escape");
});
