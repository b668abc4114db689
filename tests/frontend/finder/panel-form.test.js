import assert from "node:assert/strict";
import { it } from "node:test";
import { copyCounts } from "../../../static/js/finder/panel-form.js";
import { page } from "../dom.js";

const row = (name, value, count) =>
  `<label class="tick"><input type="checkbox" name="${name}" value="${value}"><span class="count">${count}</span></label>`;

it("takes counts over by name and value, whatever the order, and the words of the button", () => {
  const body =
    page(`<div>${row("language", "pl", 7)}${row("access", "free", 3)}<button data-count-button>Show 3</button></div>
    <div>${row("access", "free", 9)}${row("language", "pl", 9)}${row("language", "uk", 9)}<button data-count-button>Show 9</button></div>`);
  const [from, to] = body.querySelectorAll("body > div");
  copyCounts(from, to);
  assert.deepEqual(
    [...to.querySelectorAll(".count")].map(({ textContent }) => textContent),
    ["3", "7", ""],
  );
  assert.equal(to.querySelector("button").textContent, "Show 3");
});
