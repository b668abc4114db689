import assert from "node:assert/strict";
import { it } from "node:test";
import { Taxonomy } from "../../../static/js/data/taxonomy.js";

const taxonomy = new Taxonomy({
  families: [{ code: "food", name: "Jedzenie i rzeczy", short: "Jedzenie" }],
  services: [
    { code: "hot_meals", name: "Ciepły posiłek", icon: "soup", family: "food", group: "food" },
    { code: "primary_care", name: "Lekarz", icon: "stethoscope", family: "health", group: "health" },
  ],
});
const lead = (wanted) => taxonomy.lead(["hot_meals", "primary_care"], "food", wanted && new Set(wanted));

it("lets the first service stand for a place, or the first one that is asked for", () => {
  assert.deepEqual(lead(), { family: "food", icon: "soup" });
  for (const wanted of ["primary_care", "health", "family:health"])
    assert.deepEqual(lead([wanted]), { family: "health", icon: "stethoscope" });
  assert.deepEqual(lead(["crisis_line"]), { family: "food", icon: "soup" });
});

it("keeps a place of a newer server on the map", () => {
  assert.deepEqual(taxonomy.lead(["brand_new"], "law"), { family: "law", icon: "map-pin" });
  assert.deepEqual(taxonomy.lead(["brand_new"], "nonsense"), { family: "support", icon: "map-pin" });
  assert.deepEqual(taxonomy.names(["brand_new", "primary_care"]), ["Lekarz"]);
  assert.equal(new Taxonomy().familyName("food"), "food");
});

it("draws who has no services as the list does", () => {
  assert.deepEqual(taxonomy.lead([], undefined), { family: "support", icon: "building-2" });
});

it("knows what nobody else is to find, and when it does not know", () => {
  const known = new Taxonomy({
    services: [
      { code: "hot_meals", name: "Ciepły posiłek", icon: "soup", family: "food", group: "food" },
      { code: "refuge", name: "Schronienie", icon: "shield", family: "support", group: "safety", discreet: true },
    ],
  });
  assert.equal(known.isDiscreet(["hot_meals"]), false);
  assert.equal(known.isDiscreet(["brand_new", "refuge"]), true);
  assert.equal(known.isDiscreet(["hot_meals", "brand_new"]), null);
});
