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
  },
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
