import assert from "node:assert/strict";
import { it } from "node:test";
import { copyCounts } from "../../../static/js/finder/panel-form.js";
import { page } from "../dom.js";

const row = (name, value, count) =>
  `<label class="tick"><input type="checkbox" name="${name}" value="${value}">${count === null ? "" : `<span class="count">${count}</span>`}</label>`;

it("takes counts over by name and value, whatever the order, and the words of the button", () => {
  const body =
    page(`<div>${row("language", "pl", 7)}${row("access", "free", 3)}<button data-count-button>Show 3</button></div>
    <div>${row("access", "free", 9)}${row("language", "pl", 9)}${row("language", "uk", 9)}<button data-count-button>Show 9</button></div>`);
  const [from, to] = body.querySelectorAll("body > div");
  copyCounts(from, to);
  assert.deepEqual(
    [...to.querySelectorAll("label")].map(({ textContent }) => textContent),
    ["3", "7", ""],
  );
  assert.equal(to.querySelector("button").textContent, "Show 3");
});

it("says no number any more that was not counted, and says it again when it is", () => {
  const form = (free, more) =>
    `<form>${more}${row("access", "free", free)}<div class="runs">${row("organisation", "a", free)}</div></form>`;
  const body = page(`${form(9, "")}${form(null, "<p data-uncounted></p>").replace("runs", "none")}${form(4, "")}`);
  const [to, uncounted, counted] = body.querySelectorAll("form");
  const said = () => [...to.querySelectorAll("label")].map(({ textContent }) => textContent.trim());
  copyCounts(uncounted, to);
  assert.deepEqual(said(), ["", ""]);
  assert.equal(to.querySelector(".count"), null);
  copyCounts(counted, to);
  assert.deepEqual(said(), ["4", "4"]);
});

it("has the organisations that run most of what is left, but for whoever is choosing among them", () => {
  const runners = (...values) =>
    `<form><div class="runs">${values.map((value) => row("organisation", value, 1)).join("")}</div></form>`;
  const body = page(`<button></button>${runners("a", "b")}${runners("a", "c")}`);
  const [from, to] = body.querySelectorAll("form");
  const shown = () => [...to.querySelectorAll("input")].map(({ value }) => value);
  to.querySelector("input").focus();
  copyCounts(from, to);
  assert.deepEqual(shown(), ["a", "c"]);
  body.querySelector("button").focus();
  copyCounts(from, to);
  assert.deepEqual(shown(), ["a", "b"]);
});
