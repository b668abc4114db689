import assert from "node:assert/strict";
import { it } from "node:test";
import { enhanceRows } from "../../../static/js/form/rows.js";
import { page } from "../dom.js";

const row = (n) =>
  `<div data-row><label for="phones-${n}-value">Phone</label><input id="phones-${n}-value" name="phones.${n}.value" value="x"><button data-remove>x</button></div>`;

function make(numbers) {
  const body = page(`<form><div data-repeat="phones" data-most="3"><div data-rows>${numbers.map(row).join("")}</div>
    <template>${row("__n__")}</template><button name="action" value="add:phones">Add</button></div></form>`);
  enhanceRows(body.querySelector("[data-repeat]"));
  return {
    add: () => body.querySelector('[value="add:phones"]').click(),
    remove: (i) => body.querySelectorAll("[data-remove]")[i].click(),
    names: () => [...body.querySelectorAll("[data-rows] input")].map(({ name }) => name),
    addHidden: () => body.querySelector('[value="add:phones"]').hidden,
  };
}

it("adds a row with the next number everywhere, up to the most", () => {
  const rows = make([0]);
  rows.add();
  rows.add();
  assert.deepEqual(rows.names(), ["phones.0.value", "phones.1.value", "phones.2.value"]);
  assert.equal(document.querySelectorAll('label[for="phones-2-value"]').length, 1);
  assert.equal(rows.addHidden(), true);
});

it("takes a row away and never uses its number again", () => {
  const rows = make([0, 1]);
  rows.remove(1);
  rows.add();
  assert.deepEqual(rows.names(), ["phones.0.value", "phones.2.value"]);
});
