import assert from "node:assert/strict";
import { it } from "node:test";
import { begunForms, forgetBegun, idOf, rememberBegun } from "../../../static/js/form/begun.js";
import { page } from "../dom.js";

const PATH = "/uk/add/aid_points/AbCdEfGhIjKlMnOpQrStUv/2";
const MARKUP = `<form data-begun="Add a place of help" data-name="Kitchen" data-kept="a1" data-discreet="shelter_violence hotline">
  <input type="checkbox" name="services" value="hot_meals"><input type="checkbox" name="services" value="hotline">
  <input name="name"><input name="email"><div data-shown-when="disclosure=exact"><input name="address.street"></div>
</form>`;
const PAIRS = [
  ["address.street", "Planty"],
  ["email", "olena@example.org"],
];

function storage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    kept,
  };
}

it("keeps where a form stands and what is typed, but for the e-mail address, under one name in all its steps and languages", () => {
  const browser = storage();
  const form = page(MARKUP).querySelector("form");
  rememberBegun(form, PAIRS, PATH, browser);
  rememberBegun(form, PAIRS, "/pl/add/aid_points/AbCdEfGhIjKlMnOpQrStUv/3", browser);
  const [one, ...others] = begunForms(browser);
  assert.deepEqual(others, []);
  assert.equal(one.path, "/pl/add/aid_points/AbCdEfGhIjKlMnOpQrStUv/3");
  assert.equal(one.id, idOf(PATH));
  assert.equal(one.name, "Kitchen");
  assert.deepEqual(one.pairs, [["address.street", "Planty"]]);
  forgetBegun(one.id, browser);
  assert.equal(browser.kept.size, 0);
});

it("keeps nothing of what belongs to an answer that was not chosen", () => {
  const browser = storage();
  const form = page(MARKUP).querySelector("form");
  form.querySelector("[data-shown-when]").hidden = true;
  rememberBegun(form, PAIRS, PATH, browser);
  assert.deepEqual(begunForms(browser)[0].pairs, []);
});

it("forgets a form once it is about help for those who may be watched", () => {
  const browser = storage();
  const form = page(MARKUP).querySelector("form");
  rememberBegun(form, PAIRS, PATH, browser);
  form.querySelector("[value=hotline]").checked = true;
  rememberBegun(form, PAIRS, PATH, browser);
  assert.equal(browser.kept.size, 0);
  form.querySelector("[value=hotline]").checked = false;
  delete form.dataset.begun;
  rememberBegun(form, PAIRS, PATH, browser);
  assert.equal(browser.kept.size, 0);
});

it("offers nothing that is older than what the server keeps, nor from a browser that keeps nothing", () => {
  const browser = storage();
  rememberBegun(page(MARKUP).querySelector("form"), PAIRS, PATH, browser);
  const [key] = browser.kept.keys();
  const [one] = JSON.parse(browser.kept.get(key));
  browser.kept.set(key, JSON.stringify([{ ...one, at: one.at - 6 * 3600_000 - 1 }]));
  assert.deepEqual(begunForms(browser), []);
  browser.kept.set(key, "{");
  assert.deepEqual(begunForms(browser), []);
  const refused = () => {
    throw new Error("forbidden");
  };
  assert.deepEqual(begunForms({ getItem: refused }), []);
});
