import assert from "node:assert/strict";
import { it } from "node:test";
import { addSpan, copyDay } from "../../../static/js/form/hours.js";
import { page } from "../dom.js";

const span = (d, i, from, to, next = false) =>
  `<div data-span><input name="hours.${d}.${i}.from" id="hours-${d}-${i}-from" value="${from}" aria-invalid="true" class="input bad"><input name="hours.${d}.${i}.to" value="${to}"><input type="checkbox" name="hours.${d}.${i}.next" ${next ? "checked" : ""}></div>`;
const day = (d, on, ...spans) =>
  `<div class="day" data-day="${d}"><input type="checkbox" name="hours.${d}.on" ${on ? "checked" : ""}>${spans.join("")}</div>`;
const said = (element) =>
  [...element.querySelectorAll("input")].map(
    ({ name, type, value, checked }) => `${name}=${type === "checkbox" ? checked : value}`,
  );

it("adds an empty pair of times with numbers of its own, four at most", () => {
  const monday = page(day(0, true, span(0, 0, "9:00", "12:00", true))).firstElementChild;
  const added = addSpan(monday);
  assert.deepEqual(said(added), ["hours.0.1.from=", "hours.0.1.to=", "hours.0.1.next=false"]);
  assert.equal(added.querySelector("input").id, "hours-0-1-from");
  assert.equal(added.querySelector("input").className, "input");
  assert.ok(addSpan(monday) && addSpan(monday));
  assert.equal(addSpan(monday), null);
});

it("makes a day like Monday, with more and with fewer pairs", () => {
  const body = page(
    day(0, true, span(0, 0, "9:00", "12:00"), span(0, 1, "22:00", "2:00", true)) +
      day(1, false, span(1, 0, "1:00", "2:00")),
  );
  const [monday, tuesday] = body.children;
  copyDay(monday, tuesday);
  const tuesdaySays = [
    "hours.1.on=true",
    "hours.1.0.from=9:00",
    "hours.1.0.to=12:00",
    "hours.1.0.next=false",
    "hours.1.1.from=22:00",
    "hours.1.1.to=2:00",
    "hours.1.1.next=true",
  ];
  assert.deepEqual(said(tuesday), tuesdaySays);
  monday.querySelectorAll("[data-span]")[1].remove();
  copyDay(monday, tuesday);
  assert.deepEqual(said(tuesday), tuesdaySays.slice(0, 4));
});
