import assert from "node:assert/strict";
import { it } from "node:test";
import { parseQuery, queryText } from "../../../static/js/data/query.js";
import { enhanceFilters, showQuery } from "../../../static/js/finder/filters.js";
import { page } from "../dom.js";

it("makes chips, ticks and the badge show the question, and links lead to the next one", () => {
  const body = page(`<a class="chip" data-filter="service" data-value="food" href="?">Food</a>
    <a class="chip on" data-filter="service" data-value="health" href="?">Health</a><span data-filter-count>9</span>
    <div class="panel"><form data-ask><input type="checkbox" name="language" value="uk"><input type="checkbox" name="language" value="pl" checked>
    <input type="radio" name="open_at" value="" ><input type="radio" name="open_at" value="now" checked></form></div>`);
  showQuery(body, parseQuery("service=food&language=uk&bbox=1,2,3,4"));
  const [food, health] = body.querySelectorAll(".chip");
  assert.deepEqual([food.getAttribute("aria-pressed"), health.getAttribute("aria-pressed")], ["true", "false"]);
  assert.deepEqual([food.classList.contains("on"), health.classList.contains("on")], [true, false]);
  assert.equal(health.getAttribute("href"), "?bbox=1,2,3,4&language=uk&service=food,health");
  assert.deepEqual(
    [...body.querySelectorAll("input")].map(({ checked }) => checked),
    [true, false, true, false],
  );
  assert.equal(body.querySelector("[data-filter-count]").textContent, "2");
  showQuery(body, parseQuery(""));
  assert.equal(body.querySelector("[data-filter-count]").hidden, true);
});

it("shows words that were asked for, and leaves a town's name that is none", () => {
  const body = page(
    '<form data-ask><input type="search" name="q" value="Kielce"><input type="hidden" name="bbox" value="1,2,3,4"></form>',
  );
  const [words, box] = body.querySelectorAll("input");
  showQuery(body, parseQuery("service=food"));
  assert.deepEqual([words.value, box.value], ["Kielce", ""]);
  showQuery(body, parseQuery("q=zupa"));
  assert.equal(words.value, "zupa");
  showQuery(body, parseQuery(""));
  assert.equal(words.value, "");
});

it("asks for what a form says, values of one field joined as in the address", () => {
  const body =
    page(`<form data-ask><input type="hidden" name="service" value="food,health"><input type="checkbox" name="language" value="uk" checked>
    <input type="checkbox" name="language" value="pl"></form>`);
  const asked = [];
  enhanceFilters(body, {
    current: () => parseQuery("language=pl&bbox=1,2,3,4&page=2"),
    ask: (query) => asked.push(queryText(query)),
    tell: () => {},
  });
  body.querySelector("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  assert.deepEqual(asked, ["bbox=1,2,3,4&language=uk&service=food,health"]);
});
