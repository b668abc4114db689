import assert from "node:assert/strict";
import { it } from "node:test";
import { nameOf, readItems } from "../../../static/js/data/points.js";

const point = (id, lng = 20, lat = 50) => ({
  type: "Feature",
  id,
  geometry: { type: "Point", coordinates: [lng, lat] },
  properties: { layer: "aid_points", name: `Punkt ${id}`, slug: "punkt" },
});
const cluster = {
  type: "Feature",
  geometry: { type: "Point", coordinates: [21, 51] },
  properties: { count: 3, families: [1, 2, 0, 0, 0, 0] },
};

it("draws a point on the edge of two tiles once", () => {
  const items = readItems([{ features: [point("a"), point("b")] }, { features: [point("b"), cluster] }]);
  assert.deepEqual(
    items.map(({ id }) => id),
    ["a", "b", "21,51"],
  );
});

it("leaves out what has no position and survives what is no collection", () => {
  const odd = [
    { ...point("x"), geometry: null },
    point("y", Number.NaN, 5),
    null,
    { geometry: { coordinates: [1, 2] } },
  ];
  assert.deepEqual(readItems([{ features: odd }, null, {}, "text"]), []);
});

it("reads a cluster without the name of its cell", () => {
  const [item] = readItems([{ features: [cluster] }]);
  assert.deepEqual([item.count, item.id], [3, "21,51"]);
});

it("says a name in the language that is asked for, or its own", () => {
  const slim = { ...point("a").properties, names: { uk: "Пункт" } };
  assert.equal(nameOf(slim, "uk"), "Пункт");
  assert.equal(nameOf(slim, "de"), "Punkt a");
});

it("says a name in Ukrainian to whoever reads Russian, unless it was written in Russian", () => {
  const slim = { ...point("a").properties, names: { uk: "Пункт" } };
  assert.equal(nameOf(slim, "ru"), "Пункт");
  assert.equal(nameOf({ ...slim, names: { uk: "Пункт", ru: "Пункт помощи" } }, "ru"), "Пункт помощи");
  assert.equal(nameOf({ ...slim, name: "Пункт помощи", name_language: "ru" }, "ru"), "Пункт помощи");
});
