import assert from "node:assert/strict";
import { it } from "node:test";
import { queryText } from "../../../static/js/data/query.js";
import { meantQuery } from "../../../static/js/sw/area-meaning.js";
import { areaOf, HOUR_MS, MIDNIGHT, place } from "./small-area.js";

const TEN = MIDNIGHT * 1000 + 10 * HOUR_MS;
const area = {
  ...areaOf([
    place("kitchen", { audiences: { named: ["refugees"], preferred: [], only: [] } }, { access: ["free"] }),
    place("night", { services: ["shelter"] }),
  ]),
  meanings: {
    help: [
      [["food"], ["jedzenie", "їжа", "meals and more"]],
      [["pharmacy"], ["leki"]],
      [["psychological_support"], ["lęki"]],
      [["legal_advice", "translation"], ["юрист"]],
      [["shelter"], ["притулок"]],
    ],
    unclear: ["shelter"],
    conditions: {
      ...{ uchodzcow: ["audience", "refugees"], dzieci: ["audience", "children"], women: ["audience", "women"] },
      ...{ "za darmo": ["access", "free"], "bez schodow": ["access", "step_free"], teraz: ["open", "now"] },
    },
    nothing: ["dla", "за", "шукаю", "and", "more"],
    general: ["pomoc"],
    between: ["w"],
    // Of the server's words for when (tests/unit/exports/test_said_times_against_javascript.py has all of them).
    times: {
      ...{ days: { jutro: 1 }, weekdays: { sobote: [6] }, parts: { wieczorem: "evening" }, beside: {}, both: {} },
      ...{ months: { listopada: 11 }, hours: { szostej: 6 }, before_day: ["w"], before_date: [], before_hour: ["o"] },
      ...{ behind_hour: [], at_hour: ["o"], no_hours: [], of_day: [], counted: [], until: ["do"], open: ["otwarte"] },
      ...{ towns: [], towns_rest: [], in_capitals: [], streets: ["ulica"], longest: 2 },
      by_part: { "": [12, 10], evening: [18, 19] },
    },
  },
};
/** The same, where the kitchen is open on Saturday (the day 5) from 10 to 11, and on no other day. */
const onSaturday = {
  ...area,
  features: area.features.map((one) => {
    const opened = one.id === "kitchen" ? [[5 * 1440 + 600, 5 * 1440 + 660, "open"]] : null;
    return { ...one, properties: { ...one.properties, kept: { ...one.properties.kept, opened } } };
  }),
};

/** @param {string} search @param {object} [kept] */
function meant(search, kept = area) {
  const query = meantQuery(/** @type {any} */ (kept), search, TEN);
  return query && queryText(query);
}

it("reads words as help, in the place of the help that was chosen before; the rest of the question stays", () => {
  assert.equal(meant("area=PL-1&q=Jedzenie!"), "area=PL-1&service=food");
  assert.equal(
    meant("area=PL-1&q=юрист&service=food&language=uk&page=2"),
    "area=PL-1&language=uk&service=legal_advice,translation",
  );
  assert.equal(meant("q=шукаю їжа"), "service=food");
  assert.equal(meant("q=meals and more"), "service=food");
});

it("tells words apart that only their diacritics do", () => {
  assert.equal(meant("q=leki"), "service=pharmacy");
  assert.equal(meant("q=LĘKI"), "service=psychological_support");
  assert.equal(meant(`q=${"lęki".normalize("NFD")}`), "service=psychological_support");
});

it("leaves words as they are that are none of help, or are meant as words", () => {
  for (const search of [
    "q=kowalski",
    "q=jedzenie kowalski",
    "q=jedzenie&as=text",
    "q=…",
    "",
    "q=dzieci",
    "q=constructor",
    "q=jedzenie constructor",
  ])
    assert.equal(meant(search), null, search);
  assert.equal(meant("q=jedzenie", { ...area, meanings: undefined }), null);
});

it("reads beside help for whom it is, on which terms, and when", () => {
  assert.equal(meant("q=jedzenie dla uchodźców"), "audience=refugees&service=food");
  assert.equal(meant("q=jedzenie za darmo"), "access=free&service=food");
  assert.equal(meant("q=pomoc jedzenie uchodźców&open_at=PT60M"), "audience=refugees&open_at=PT60M&service=food");
  // Beside a shelter it may be a refuge.
  assert.equal(meant("q=притулок women"), null);
});

it("leaves out of what was merely said what no place here says, and says it", () => {
  assert.equal(meant("q=jedzenie dla dzieci"), "left_out=children&service=food");
  assert.equal(meant("q=jedzenie dzieci bez schodów"), "left_out=children,step_free&service=food");
  assert.equal(meant("q=jedzenie dzieci za darmo"), "access=free&left_out=children&service=food");
  // What was chosen stays, and where nothing helps, all of it.
  assert.equal(meant("q=jedzenie dzieci&audience=women"), "audience=children,women&service=food");
  assert.equal(meant("q=leki dzieci"), "audience=children&service=pharmacy");
});

it("reads when somebody wants to come, as the filter of the first moment at which something is open", () => {
  const at = (/** @type {string} */ search) => decodeURIComponent(meant(search, onSaturday) ?? "");
  assert.equal(at("q=jedzenie w sobotę"), "open_at=2026-11-28T10:00&service=food");
  assert.equal(at("q=jedzenie 28 listopada"), "open_at=2026-11-28T10:00&service=food");
  // What was chosen before is another time; who names no help asks what is open then.
  assert.equal(at("q=jedzenie w sobotę&open_at=now"), "open_at=2026-11-28T10:00&service=food");
  assert.equal(at("q=otwarte jutro wieczorem"), "open_at=2026-11-24T18:00");
  assert.equal(at("q=otwarte jutro 17"), "open_at=2026-11-24T17:00");
  // Where the words are not known yet, or may be those of anything.
  const { times, ...before } = area.meanings;
  assert.equal(meant("q=jedzenie w sobotę", { ...onSaturday, meanings: before }), null);
  for (const search of ["q=sobotę", "q=28 listopada", "q=kowalski w sobotę", "q=jedzenie do 18&as=text"])
    assert.equal(meant(search, onSaturday), null, search);
});

it("says which time it left out where nothing is open then, and what nobody understands", () => {
  const left = (/** @type {string} */ search) => decodeURIComponent(meant(search, onSaturday) ?? "");
  assert.equal(left("q=jedzenie jutro"), "left_out=@jutro&service=food");
  assert.equal(left("q=jedzenie dla uchodźców w sobotę"), "audience=refugees&open_at=2026-11-28T10:00&service=food");
  assert.equal(left("q=jedzenie dla psa jutro"), "left_out=@jutro,~psa&service=food");
  // A number that may be an hour is none beside words that nobody understands.
  assert.equal(meant("q=jedzenie kowalski o szóstej", onSaturday), null);
});
