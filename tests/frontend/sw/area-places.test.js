import assert from "node:assert/strict";
import { it } from "node:test";
import { askedOf, counting, fits, openingOf, openOf } from "../../../static/js/sw/area-places.js";
import { areaOf, HOUR_MS, MIDNIGHT, place } from "./small-area.js";

const TEN = MIDNIGHT * 1000 + 10 * HOUR_MS;
const DAY = 1440;
const area = areaOf([
  place("always", { opened: [[0, 14 * DAY, "open"]], everyone: true }, { access: ["free"], checked: "2026-11-01" }),
  place(
    "mornings",
    { opened: [[8 * 60, 12 * 60, "open"]], served: [[8 * 60, 16 * 60, "open"]] },
    { access: ["low_cost", "step_free"] },
  ),
  place("by call", { opened: [[0, 14 * DAY, "unknown"]] }, { languages: ["uk"] }, [20.7, 50.8]),
  place(
    "unknown",
    { services: ["shelter"], audiences: { named: ["women", "refugees"], preferred: [], only: ["women"] } },
    { languages: ["uk", "pl"], checked: "2026-05-01" },
    null,
  ),
]);

/** @param {string} search @param {number} [now] */
function found(search, now = TEN) {
  const asked = askedOf(area, search, now);
  return asked && area.features.filter((/** @type {any} */ one) => fits(area, one, asked)).map(({ id }) => id);
}

it("means any of the codes of a parameter, all parameters together, any of access within a group", () => {
  assert.deepEqual(found("area=PL-1"), ["always", "mornings", "by call", "unknown"]);
  assert.deepEqual(found("service=hot_meals,shelter&language=uk"), ["by call", "unknown"]);
  assert.deepEqual(found("service=family:food&language=uk"), ["by call"]);
  assert.deepEqual(found("access=free,low_cost"), ["always", "mornings"]);
  assert.deepEqual(found("access=free,low_cost,step_free"), ["mornings"]);
  assert.deepEqual(found("checked_since=P90D"), ["always"]);
  assert.deepEqual(found("checked_since=2026-05-01"), ["always", "unknown"]);
  assert.deepEqual(found("bbox=20.65,50,21,51"), ["by call"]);
});

it("knows who is welcome, in which way", () => {
  assert.deepEqual(found("audience=refugees"), ["unknown"]);
  assert.deepEqual(found("audience=refugees&audience_mode=only"), []);
  assert.deepEqual(found("audience_mode=only"), ["unknown"]);
  assert.deepEqual(found("audience=women&audience_mode=everyone,only"), ["always", "unknown"]);
});

it("finds words whole, the last one also begun", () => {
  assert.deepEqual(found("q=Mórn"), ["mornings"]);
  assert.deepEqual(found("q=morn mornings"), []);
  assert.deepEqual(found("q=…"), []);
});

it("knows what is open by the hours of the place and its services, at any moment that it has hours for", () => {
  assert.deepEqual(found("open_at=now"), ["always", "mornings"]);
  assert.deepEqual(found("open_at=PT300M"), ["always", "mornings"]);
  assert.deepEqual(found("open_at=2026-11-23T16:00"), ["always"]);
  assert.deepEqual(found("open_at=now&hours=unknown"), ["by call", "unknown"]);
  assert.deepEqual(found("hours=unknown"), ["unknown"]);
  // 7 km are 114 minutes on foot: it would be closed by then, but for its services.
  assert.deepEqual(found("open_at=arrival&near=20.7,50.8", TEN + 4.5 * HOUR_MS), ["always"]);
  assert.deepEqual(found("open_at=arrival&near=20.6,50.8", TEN + 4.5 * HOUR_MS), ["always", "mornings"]);
  // After two weeks nobody knows.
  assert.deepEqual(found("open_at=now", TEN + 15 * 24 * HOUR_MS), []);
  assert.equal(found("open_at=now&hours=unknown", TEN + 15 * 24 * HOUR_MS)?.length, 4);
  assert.equal(found("open_at=now&hours=unknown", TEN - 15 * 24 * HOUR_MS)?.length, 4);
});

it("knows what lies in a drawn area, its sides among it; what has no place lies in none", () => {
  const square = (/** @type {string} */ corners) => found(`within=${corners}`);
  assert.deepEqual(square("20.5,50.7;20.65,50.7;20.65,50.9;20.5,50.9"), ["always", "mornings"]);
  assert.deepEqual(square("20.5,50.7;20.65,50.7;20.65,50.9;20.5,50.9;20.5,50.7"), ["always", "mornings"]);
  // On a side, on a corner, and in the bay of a shape like a U.
  assert.deepEqual(square("20.6,50.7;20.65,50.7;20.65,50.9;20.6,50.9"), ["always", "mornings"]);
  assert.deepEqual(square("20.7,50.8;20.8,50.8;20.8,50.9"), ["by call"]);
  assert.deepEqual(square("20.5,50.7;20.8,50.7;20.8,50.9;20.65,50.9;20.65,50.75;20.55,50.75;20.55,50.9;20.5,50.9"), [
    "by call",
  ]);
});

it("knows whose places they are", () => {
  const run = areaOf([place("a", { run_by: "o-1" }), place("b", { run_by: "o-2" }), place("c", { run_by: null })]);
  const ours = {
    ...run,
    organisations: [
      ["o-1", "One"],
      ["o-2", "Two"],
    ],
  };
  const asked = askedOf(ours, "organisation=o-1", TEN);
  assert.deepEqual(
    ours.features
      .filter((/** @type {any} */ one) => fits(ours, one, /** @type {any} */ (asked)))
      .map((/** @type {any} */ { id }) => id),
    ["a"],
  );
  const count = counting(ours, /** @type {any} */ (asked), TEN);
  assert.deepEqual(
    ["", "o-1", "o-2"].map((id) => count("organisation", id)),
    [3, 1, 1],
  );
});

it("counts minutes from the moment that it says", () => {
  // At 15:58 in two minutes: that is 15:57, since five minutes are one moment. At 16:00 it closes.
  assert.deepEqual(found("open_at=PT2M", TEN + 358.5 * 60_000), ["always", "mornings"]);
});

it("answers nothing of which it does not have all", () => {
  for (const search of [
    "within=1,2;3,4",
    "organisation=x",
    "organisation_name=x",
    "service=safety",
    "open_at=arrival",
    "open_at=soon",
  ])
    assert.equal(found(search), null, search);
});

it("counts each choice as if nothing else of its own kind were set", () => {
  const count = (/** @type {string} */ search) => counting(area, /** @type {any} */ (askedOf(area, search, TEN)), TEN);
  const asked = count("service=hot_meals&access=free&open_at=now");
  assert.equal(asked("service", "hot_meals"), 1);
  assert.equal(asked("service", "shelter"), 0);
  assert.equal(asked("access", "low_cost"), 1);
  assert.equal(asked("access", "step_free"), 0);
  assert.equal(asked("open_at", ""), 1);
  assert.equal(count("access=low_cost")("service", "family:food"), 1);
  assert.equal(count("audience=women")("audience_mode", "only"), 1);
  assert.equal(count("")("checked_since", "P30D"), 1);
  assert.equal(count("")("service", "violence_support"), null);
  // What a choice promises is what its question finds.
  for (const [name, value] of [
    ["service", "hot_meals"],
    ["language", "uk"],
    ["access", "free"],
    ["audience", "women"],
    ["open_at", "now"],
  ])
    assert.equal(count("")(String(name), String(value)), found(`${name}=${value}`)?.length, value);
});

it("says on each day what is open on that day, as far as it knows", () => {
  const [always, mornings, , unknown] = area.features;
  assert.equal(openingOf(area, always, TEN).always, true);
  assert.equal(openingOf(area, always, TEN + 13 * 24 * HOUR_MS).state, "open");
  assert.equal(openingOf(area, always, TEN + 13 * 24 * HOUR_MS).until, undefined);
  assert.equal(openingOf(area, always, TEN + 14 * 24 * HOUR_MS).state, "unknown");
  assert.equal(openingOf(area, mornings, TEN + 1.5 * HOUR_MS).state, "soon");
  assert.equal(openingOf(area, mornings, TEN + 24 * HOUR_MS).state, "closed");
  assert.equal(openingOf(area, unknown, TEN).state, "unknown");
  // A device whose clock goes wrong.
  assert.equal(openingOf(area, always, TEN - 24 * HOUR_MS).state, "unknown");
  assert.deepEqual(openOf(area, mornings, TEN), { base: "2026-11-23", open: [[480, 720, "open"]] });
  // What opens after the two days that pins know.
  const saturday = areaOf([place("x", { opened: [[5 * DAY + 540, 5 * DAY + 600, "open"]] })]).features[0];
  assert.deepEqual(openOf(area, saturday, TEN), { base: "2026-11-23", open: [], later: 5 * DAY + 540 });
  assert.equal(openingOf(area, saturday, TEN).opens, MIDNIGHT * 1000 + 5 * 24 * HOUR_MS + 9 * HOUR_MS);
  assert.equal(openOf(area, saturday, TEN + 2 * 24 * HOUR_MS).later, 3 * DAY + 540);
});
