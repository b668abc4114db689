import assert from "node:assert/strict";
import { it } from "node:test";
import { keepTyped, pairsOf, putBack } from "../../../static/js/form/typed.js";
import { page } from "../dom.js";

const MARKUP = `<form data-kept="a1">
  <input type="hidden" name="at" value="4">
  <input name="name" value="">
  <details><summary>Food</summary><input type="checkbox" name="services" value="hot_meals"></details>
  <input type="radio" name="cost" value="free" checked><input type="radio" name="cost" value="paid">
  <div data-repeat="phones"><div data-rows><div data-row><input name="phones.0.value"></div></div>
    <template><div data-row><input name="phones.__n__.value"></div></template></div>
  <div data-hours="hours"><div class="day" data-day="0"><div data-span><input name="hours.0.0.from" type="text"></div></div></div>
</form>`;
const TYPED = [
  ["name", "Kuchnia"],
  ["services", "hot_meals"],
  ["cost", "paid"],
  ["phones.0.value", "112"],
  ["phones.3.value", "113"],
  ["hours.0.0.from", "9"],
  ["hours.0.1.from", "13"],
];

/** A history with one entry. */
function entries(state = null) {
  return {
    state,
    replaceState(next) {
      this.state = next;
    },
  };
}

it("puts back texts, ticks, rows and pairs of times, and unfolds what is ticked", () => {
  const form = page(MARKUP).querySelector("form");
  putBack(form, TYPED);
  assert.deepEqual(pairsOf(form), TYPED);
  assert.equal(form.querySelector("details").open, true);
  assert.equal(form.querySelector("[name=at]").value, "4");
});

it("keeps what is typed in the history entry, and puts it back on a page that knows no more", () => {
  const history = entries();
  const form = page(MARKUP).querySelector("form");
  keepTyped(form, history);
  assert.equal(history.state, null);
  form.querySelector("[name=name]").value = "Kuchnia";
  form.dispatchEvent(new Event("change"));
  const again = page(MARKUP).querySelector("form");
  keepTyped(again, history);
  assert.equal(again.querySelector("[name=name]").value, "Kuchnia");
});

it("puts nothing back where the server knows better by now", () => {
  const form = page(MARKUP).querySelector("form");
  keepTyped(form, entries({ typed: { kept: "older", pairs: TYPED } }));
  assert.equal(form.querySelector("[name=name]").value, "");
});
