import assert from "node:assert/strict";
import { it } from "node:test";
import { labelsOf, labelsWithRoom } from "../../../static/js/data/labels.js";

const KIELCE = { name: "Kielce", names: { uk: "Кельце" }, lng: 20.63, lat: 50.87, population: 208_000 };
const MASLOW = { name: "Masłów", lng: 20.72, lat: 50.9, population: 1_300 };
const BUILT_IN = [
  ["Kielce", 20.628, 50.866, 7],
  ["Berlin", 13.4, 52.5, 5],
  ["Tarnów", 20.98, 50.01, 9],
];
const texts = (labels) => labels.map(({ text }) => text);
const toPixel = ([lng, lat]) => [lng, lat];
const label = (text, x, y) => ({ name: text, text, position: [x, y], weight: 1 });

it("writes the cities that are built in from their zoom on, the largest first", () => {
  assert.deepEqual(texts(labelsOf(BUILT_IN, [], "pl", 7)), ["Berlin", "Kielce"]);
});

it("writes a place once, in the reader's language where its name is known", () => {
  assert.deepEqual(texts(labelsOf(BUILT_IN, [KIELCE], "uk", 7)), ["Berlin", "Кельце"]);
  assert.deepEqual(texts(labelsOf(BUILT_IN, [KIELCE], "ro", 7)), ["Berlin", "Kielce"]);
});

it("calls a city by one name at every zoom, whether the gazetteer has answered for the view or not", () => {
  const builtIn = [["Kielce", 20.628, 50.866, 7, { uk: "Кельце" }]];
  const village = { name: "Kielce", lng: 16.9, lat: 51.3, population: 300 };
  for (let zoom = 7; zoom < 16; zoom++) {
    assert.deepEqual(texts(labelsOf(builtIn, [], "uk", zoom)), ["Кельце"], `${zoom}, no answer`);
    assert.deepEqual(texts(labelsOf(builtIn, [KIELCE], "uk", zoom)), ["Кельце"], `${zoom}`);
    assert.deepEqual(texts(labelsOf(builtIn, [], "ro", zoom)), ["Kielce"], `${zoom}, in a language without a name`);
  }
  assert.deepEqual(
    texts(labelsOf(builtIn, [KIELCE, village], "uk", 12)),
    ["Кельце", "Kielce"],
    "another one, far away",
  );
  assert.deepEqual(texts(labelsOf(BUILT_IN, [KIELCE, village], "uk", 12)).sort(), [
    "Berlin",
    "Kielce",
    "Tarnów",
    "Кельце",
  ]);
});

it("keeps a city that is built in where the gazetteer's place is too small for the zoom", () => {
  const tarnow = { name: "Tarnów", lng: 20.99, lat: 50.01, population: 11_000 };
  assert.deepEqual(texts(labelsOf(BUILT_IN, [tarnow], "pl", 9)), ["Berlin", "Kielce", "Tarnów"]);
});

it("writes small places from near only", () => {
  assert.deepEqual(texts(labelsOf([], [KIELCE, MASLOW], "pl", 9)), ["Kielce"]);
  assert.deepEqual(texts(labelsOf([], [KIELCE, MASLOW], "pl", 12)), ["Kielce", "Masłów"]);
});

it("lets no name lie upon another: the second one gives way, or goes", () => {
  const shown = labelsWithRoom([label("Kielce", 0, 0), label("Masłów", 20, 5), label("Piekoszów", 10, 2)], toPixel);
  assert.deepEqual(
    shown.map(({ text, lower }) => [text, lower]),
    [
      ["Kielce", 0],
      ["Masłów", 38],
      ["Piekoszów", -38],
    ],
  );
  assert.equal(labelsWithRoom([...shown, label("Chęciny", 5, 0)], toPixel).length, 3);
});

it("writes a name below the pin that stands on its place", () => {
  const pin = { x: 0, y: 0, wide: 28, high: 28 };
  assert.deepEqual(
    labelsWithRoom([label("Kielce", 0, 0)], toPixel, [pin]).map(({ lower }) => lower),
    [38],
  );
});

it("counts with larger letters", () => {
  const two = [label("Kielce", 0, 0), label("Masłów", 70, 0)];
  const lower = (scale) => labelsWithRoom(two, toPixel, [], scale).map((shown) => shown.lower);
  assert.deepEqual(
    [lower(1), lower(2)],
    [
      [0, 0],
      [0, 38],
    ],
  );
});

it("writes no town's name where its streets would be", () => {
  assert.deepEqual(texts(labelsOf(BUILT_IN, [KIELCE], "pl", 15)).sort(), ["Berlin", "Kielce", "Tarnów"]);
  for (const zoom of [16, 17, 19]) assert.deepEqual(labelsOf(BUILT_IN, [KIELCE, MASLOW], "pl", zoom), [], zoom);
});
