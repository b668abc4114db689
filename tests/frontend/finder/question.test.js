import assert from "node:assert/strict";
import { it } from "node:test";
import { parseQuery, queryText } from "../../../static/js/data/query.js";
import { isOfMap, ofArea, ofBox, ofTaken } from "../../../static/js/finder/question.js";

/** @param {import("../../../static/js/data/query.js").Query} query */
const text = (query) => decodeURIComponent(queryText(query));

it("asks about the box of the map and no longer about the town", () => {
  const query = ofBox(parseQuery("place=geonames:759734&service=food&page=2"), [20.5, 50.8, 20.7, 50.9]);
  assert.equal(text(query), "bbox=20.5,50.8,20.7,50.9&service=food");
});

it("asks about an area wherever the map is", () => {
  const query = ofArea(parseQuery("bbox=20,50,21,51&place=geonames:1&area_name=Kielce&area=PL-1&service=food"), "PL-2");
  assert.equal(text(query), "area=PL-2&service=food");
});

it("stays at a town or an address when a phone is turned", () => {
  assert.equal(isOfMap(parseQuery("bbox=20,50,21,51&service=food")), true);
  assert.equal(isOfMap(parseQuery("bbox=20,50,21,51&near=20.5,50.5&near_name=Długa 5")), false);
  assert.equal(isOfMap(parseQuery("place=geonames:1")), false);
});

it("takes a suggestion in the place of the words that were typed", () => {
  const query = parseQuery("q=zup&bbox=20,50,21,51");
  assert.equal(text(ofTaken(query, { kind: "words", words: "zupa" })), "bbox=20,50,21,51&q=zupa");
  assert.equal(text(ofTaken(query, { kind: "service", code: "hot_meals" })), "bbox=20,50,21,51&service=hot_meals");
  const place = { id: "geonames:769250", name: "Kielce", lng: 20.6, lat: 50.9 };
  assert.equal(text(ofTaken(query, { kind: "place", place })), "place=geonames:769250");
  const together = ofTaken(query, { kind: "together", code: "dental_care", place });
  assert.equal(text(together), "place=geonames:769250&service=dental_care");
  const sentence = ofTaken(query, { kind: "together", code: "food", place, words: "jedzenie dla dzieci" });
  assert.equal(text(sentence), "place=geonames:769250&q=jedzenie dla dzieci");
});

it("asks for what is near an address, and no longer when the map is moved away", () => {
  const address = {
    name: "Długa 5",
    detail: "Kielce",
    whole: "Długa 5, Kielce",
    lng: 20.63,
    lat: 50.87,
    bbox: [20.6, 50.8, 20.7, 50.9],
  };
  const query = parseQuery("q=dlu&place=geonames:1&sort=name&service=food&page=2");
  const near = ofTaken(query, { kind: "address", address });
  assert.equal(text(near), "bbox=20.6,50.8,20.7,50.9&near=20.63,50.87&near_name=Długa 5, Kielce&service=food");
  assert.equal(text(ofBox(near, [20, 50, 21, 51])), "bbox=20,50,21,51&service=food");
  assert.equal(text(ofTaken(near, { kind: "service", code: "laundry" })).includes("near_name"), true);
  const place = { id: "geonames:769250", name: "Kielce", lng: 20.6, lat: 50.9 };
  assert.equal(text(ofTaken(near, { kind: "place", place })), "place=geonames:769250&service=food");
});
