import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  filtersOf,
  kindOfMoment,
  parseQuery,
  queryText,
  settled,
  toggled,
  withValues,
} from "../../../static/js/data/query.js";

describe("the question in the address", () => {
  it("comes back as it went, in one form only", () => {
    for (const text of [
      "",
      "service=food,health",
      "audience=children&bbox=20.57,50.84,20.69,50.9&language=uk",
      "q=ciep%C5%82y%20posi%C5%82ek&service=hot_meals",
      "q=1,%202%20%26%203",
    ]) {
      assert.equal(queryText(parseQuery(text)), text);
    }
  });

  it("is the same however the values were written", () => {
    const forms = ["service=b&service=a", "service=a,b", "service=b,a,a", "?service=%20a%20,b,&x="];
    assert.deepEqual(new Set(forms.map((form) => queryText(parseQuery(form)))), new Set(["service=a,b"]));
  });

  it("turns one value on and off and begins at the first page", () => {
    const start = parseQuery("service=food&page=3&cursor=x");
    const on = toggled(start, "service", "health");
    assert.equal(queryText(on), "service=food,health");
    assert.equal(queryText(toggled(on, "service", "health")), "service=food");
    assert.equal(queryText(toggled(parseQuery("service=food"), "service", "food")), "");
    assert.equal(queryText(start), "cursor=x&page=3&service=food");
  });

  it("gives tiles only what decides which places there are", () => {
    const query = parseQuery(
      "bbox=1,2,3,4&near=20,50&sort=name&service=food&q=abc&cursor=z&place=3&layer=x&as=words&utm_source=y",
    );
    assert.equal(queryText(filtersOf(query)), "q=abc&service=food");
  });

  it("keeps a value that looks like markup as the text that it is", () => {
    const query = withValues(new Map(), "q", ['"><script>&=']);
    assert.deepEqual(parseQuery(queryText(query)).get("q"), ['"><script>&=']);
  });
});

describe("the moment that a form asks for", () => {
  it("becomes one value, as the server writes it", () => {
    const fields = "open_day=2026-11-24&open_hour=18%3A00&open_in=45&service=food";
    const text = (/** @type {string} */ chosen) => queryText(settled(parseQuery(`${chosen}&${fields}`)));
    assert.equal(text("open_at=in"), "open_at=PT45M&service=food");
    assert.equal(text("open_at=at"), "open_at=2026-11-24T18%3A00&service=food");
    assert.equal(text("open_at=now"), "open_at=now&service=food");
    assert.equal(text(""), "service=food");
  });

  it("is one of the choices of the form", () => {
    assert.deepEqual(["", "now", "arrival", "PT45M", "2026-11-24T18:00"].map(kindOfMoment), [
      "",
      "now",
      "arrival",
      "in",
      "at",
    ]);
  });

  it("tells a tile where somebody sets out only when they go on foot", () => {
    const asked = (/** @type {string} */ text) => queryText(filtersOf(parseQuery(text)));
    assert.equal(asked("near=20.6,50.8&open_at=now"), "open_at=now");
    assert.equal(asked("near=20.6,50.8&open_at=arrival"), "near=20.6,50.8&open_at=arrival");
  });
});
