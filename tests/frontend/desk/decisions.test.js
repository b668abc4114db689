import assert from "node:assert/strict";
import { it } from "node:test";
import { openDecisions } from "../../../static/js/desk/decisions.js";
import { page } from "../dom.js";

it("goes to the field that a decision lacks", () => {
  const desk = page(
    `<main><details id="reject" open><fieldset aria-invalid="true"><input type="radio" id="first"></fieldset></details></main>`,
  ).querySelector("main");
  openDecisions(desk);
  assert.equal(document.activeElement.id, "first");
});

const DESK = `<main><details id="reject"><summary>Turn down</summary><input type="hidden"><textarea></textarea></details>
  <section id="what"></section><a href="?unfold=reject#reject">Turn down</a><a href="#what">What</a></main>`;

it("unfolds the form that a decision needs and goes to its first field", () => {
  const desk = page(DESK).querySelector("main");
  openDecisions(desk);
  desk.querySelector('a[href="#what"]').click();
  assert.equal(desk.querySelector("details").hasAttribute("open"), false);
  desk.querySelector('a[href$="#reject"]').click();
  assert.equal(desk.querySelector("details").hasAttribute("open"), true);
  assert.equal(document.activeElement, desk.querySelector("textarea"));
});

const BAR = `<main><div class="decisions">
  <details id="reject"><summary>Turn down</summary><form><textarea></textarea></form></details>
  <details id="checked"><summary>Checked</summary><input type="radio" name="how" form="approve"></details></div>
  <div class="decide"><a href="?unfold=reject#reject">Turn down</a><a href="?unfold=checked#checked">Checked</a>
  <form id="approve"></form></div></main>`;

it("has one of them open, and Escape leads back to the bar and takes back what was chosen", () => {
  const desk = page(BAR).querySelector("main");
  window.scrollTo = () => {};
  openDecisions(desk);
  const [reject, checked] = desk.querySelectorAll(".decide a");
  reject.click();
  checked.click();
  assert.deepEqual(
    [...desk.querySelectorAll("details[open]")].map(({ id }) => id),
    ["checked"],
  );
  const way = desk.querySelector("[name=how]");
  way.checked = true;
  way.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  assert.equal(desk.querySelector("details[open]"), null);
  assert.equal(way.checked, false);
  assert.equal(document.activeElement, checked);
});

it("ticks a photo that is left out, and Enter on it presses nothing", () => {
  const desk = page(
    `<main><label><input type="checkbox" name="leave_out" form="approve"></label><input id="note">
    <form id="approve"><button>Publish</button></form></main>`,
  ).querySelector("main");
  openDecisions(desk);
  const press = (/** @type {Element} */ at) => {
    const event = new window.KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    at.dispatchEvent(event);
    return event.defaultPrevented;
  };
  assert.deepEqual(
    ["[name=leave_out]", "#note"].map((at) => press(desk.querySelector(at))),
    [true, false],
  );
});

it("sends what somebody writes by control and Enter, and nothing by Enter with anything else", () => {
  const desk = page(
    `<main><form method="post" id="ask"><textarea></textarea><button type="button">Add</button><button id="go">Go</button></form>
    <form id="filters"><input><button>Show</button></form></main>`,
  ).querySelector("main");
  openDecisions(desk);
  const sent = [];
  for (const form of desk.querySelectorAll("form")) {
    form.requestSubmit = (/** @type {Element} */ by) => sent.push(by.id);
    for (const more of [
      {},
      { shiftKey: true },
      { ctrlKey: true },
      { metaKey: true },
      { ctrlKey: true, repeat: true },
    ]) {
      const event = new window.KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...more });
      form.firstElementChild.dispatchEvent(event);
    }
  }
  assert.deepEqual(sent, ["go", "go"]);
});
