import assert from "node:assert/strict";
import { it } from "node:test";
import { HOURLESS } from "../../static/js/data/opening.js";
import { Taxonomy } from "../../static/js/data/taxonomy.js";
import { speak } from "../../static/js/i18n.js";
import "./dom.js";
import { clusterArt } from "../../static/js/map/token.js";
import { checkedWords, clusterName, farWords, sentence, stateWords } from "../../static/js/words.js";

const at = (text) => Date.parse(`2026-11-21T${text}+01:00`);
const withPhone = { phone: "+48175550123" };
const noon = at("12:00:00");

it("joins names as the list does", () => {
  speak("pl", {});
  assert.equal(sentence(["Ciepły posiłek", "Numer PESEL", "PESEL"]), "Ciepły posiłek, numer PESEL, PESEL");
  speak("de", {});
  assert.equal(sentence(["Warme Mahlzeit", "Pakete"]), "Warme Mahlzeit, Pakete");
});

it("says the state as the look does", () => {
  speak("en", {});
  const said = (opening) => stateWords(opening, noon, withPhone);
  assert.equal(said({ state: "open", until: at("18:00:00") }), "Open until 18:00");
  assert.equal(said({ state: "open", until: at("24:00:00") }), "Open until 24:00");
  assert.equal(said(HOURLESS), "");
  assert.equal(said({ state: "soon", minutesLeft: 40 }), "Closes in 40 min");
  assert.equal(said({ state: "closed", opens: at("14:00:00") }), "Closed, opens at 14:00");
  assert.equal(
    said({ state: "closed", opens: Date.parse("2026-11-22T09:00:00+01:00") }),
    "Closed, opens tomorrow at 9:00",
  );
  assert.equal(said({ state: "unknown" }), "Hours not known, call first");
  assert.equal(stateWords({ state: "unknown" }, noon, {}), "Hours not known, ask before you go");
  assert.equal(said({ state: "open", always: true }), "Open around the clock");
});

it("says on which day it opens, and the date from a week on", () => {
  speak("en", {});
  const said = (opens) => stateWords({ state: "closed", opens: Date.parse(opens) }, noon, withPhone);
  assert.equal(said("2026-11-23T09:00:00+01:00"), "Closed, opens on Monday at 9:00");
  assert.equal(said("2026-11-26T09:30:00+01:00"), "Closed, opens on Thursday at 9:30");
  assert.equal(said("2026-11-28T09:00:00+01:00"), "Closed, opens on November 28 at 9:00");
});

it("says how long ago somebody checked", () => {
  const said = (days, ring = "full") => checkedWords({ days, ring });
  assert.deepEqual(
    [0, 1, 3, 14, 59, 60, 120].map((days) => said(days)),
    [
      "Checked today",
      "Checked yesterday",
      "Checked 3 days ago",
      "Checked 2 weeks ago",
      "Checked 8 weeks ago",
      "Checked 2 months ago",
      "Checked 4 months ago",
    ],
  );
  assert.equal(said(245, "none"), "Nobody has checked for 8 months");
  assert.equal(said(800, "none"), "Nobody has checked for 2 years");
  assert.equal(said(null, "none"), "Nobody has checked this yet");
});

it("names a cluster by its largest shares first", () => {
  const taxonomy = new Taxonomy({
    services: [],
    families: [
      { code: "food", short: "Food" },
      { code: "health", short: "Health" },
    ],
  });
  const cluster = { count: 12, families: [4, 0, 8, 0, 0, 0] };
  assert.equal(clusterName(cluster, taxonomy), "12 places: health 8, food 4. Zoom in");
  speak("de", {});
  assert.equal(clusterName(cluster, taxonomy), "12 places: Health 8, Food 4. Zoom in");
});

it("names a cluster with the number that stands on it, and with the plural of that number", () => {
  const messages = { "%(n)s place": { one: "%(n)s miejsce", few: "%(n)s miejsca", many: "%(n)s miejsc" } };
  speak("pl", messages);
  for (const count of [12, 999, 1_234, 22_222]) {
    const name = clusterName({ count, families: [] }, new Taxonomy());
    const seen = clusterArt("/s.svg", { count, families: [] }, "pl").querySelector("text")?.textContent ?? "?";
    assert.ok(name.startsWith(`${seen} miejsc.`), name);
  }
});

it("sends nobody on foot over fifty kilometres", () => {
  assert.equal(farWords([20.6, 50.8], [20.606, 50.8]).walk, "7 min");
  assert.equal(farWords([20.6, 50.8], [21.6, 50.8]).walk, "");
});
