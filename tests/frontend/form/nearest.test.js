import assert from "node:assert/strict";
import { it } from "node:test";
import { changesBy } from "../../../static/js/form/nearest.js";

const KNOWN = { line: "", away_m: 5, street: "Długa", house_number: "12A", postcode: "25-001", place: "Kielce" };
const field = (fill, value) => ({ dataset: { fill }, value });
const next = (fields) => changesBy(KNOWN, fields).map((change) => [change.field.dataset.fill, change.next]);

it("fills what is empty", () => {
  const fields = ["street", "house_number", "postcode", "place"].map((fill) => field(fill, ""));
  assert.deepEqual(next(fields), [
    ["street", "Długa"],
    ["house_number", "12A"],
    ["postcode", "25-001"],
    ["place", "Kielce"],
  ]);
});

it("leaves what is the same to people", () => {
  assert.deepEqual(next([field("street", " ul.  długa"), field("house_number", "12a"), field("place", "KIELCE")]), []);
});

it("leaves a postcode that was typed: of the street only the most common one is known", () => {
  assert.deepEqual(next([field("postcode", "25-999")]), []);
});

it("takes a street away where the settlement has none", () => {
  const changes = changesBy({ ...KNOWN, street: "" }, [field("street", "Długa")]);
  assert.deepEqual([changes[0].now, changes[0].next], ["Długa", ""]);
});
