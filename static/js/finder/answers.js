/** What is done with each list that has come, and said of one that has not. */
import { parseBox } from "../data/geo.js";
import { parseQuery, queryText } from "../data/query.js";
import { find } from "../dom.js";
import { addSaveButtons, followSaved } from "../lists/quick.js";
import { showQuery } from "./filters.js";
import { showNear } from "./near.js";
import { sayOld } from "./old-list.js";
import { tellMapFailed } from "./points.js";
import { watchSwap } from "./swap.js";
import { markRow, pairListWithMap, writeDistances } from "./sync.js";

/** @typedef {import("./finder.js").Finder} Finder */

/** @param {Finder} finder */
export function followList(finder) {
  const { list, results, layer } = finder;
  const markSwap = watchSwap(document.body);
  if (!list || !results) return;
  pairListWithMap(list, layer);
  followSaved(document);
  results.addEventListener("shown", (event) => {
    finder.listIsTrue = true;
    understand(finder, /** @type {CustomEvent<string>} */ (event).detail);
    showNear(finder);
    addToRows(finder);
    markRow(list, layer.chosen);
    if (layer.me) writeDistances(list, layer.me, finder.config.sprite);
    markSwap();
  });
  const again = () => {
    results.heard.textContent = ""; // Words that are said a second time are heard a second time.
    finder.ask(finder.query, "none");
  };
  results.addEventListener("failed", () => {
    results.heard.textContent = sayOld(list, again);
    if (finder.mapFailed) tellMapFailed(finder);
  });
}

/** What only script can do with the list and its rows. @param {Finder} finder */
export function addToRows({ list, config }) {
  if (!list) return;
  addSaveButtons(list, config.sprite);
  if (find(list, "[data-keep-area]")) offerKeeping(list, config.lang);
}

/** Loaded when there is an area to keep. @param {HTMLElement} list @param {string} lang */
async function offerKeeping(list, lang) {
  const keeping = await import("./keep-area.js");
  await keeping.offerKeeping(list, lang);
}

/**
 * The list may have answered another question than the one that was typed: the town instead of its name.
 * @param {Finder} finder
 * @param {string} answered
 */
function understand(finder, answered) {
  const { list, moves } = finder;
  const isNew = answered !== queryText(finder.query);
  if (isNew) {
    finder.query = parseQuery(answered);
    history.replaceState(null, "", finder.addressOf(answered));
    showQuery(document.body, finder.query);
    finder.loadPoints();
    const asked = parseBox(finder.query.get("bbox")?.[0]);
    if (asked) moves.show(asked); // What is near an address that was typed.
  }
  const box = list && parseBox(find(list, "[data-bounds]")?.dataset.bounds);
  const isSomewhere = ["place", "area", "near"].some((name) => finder.query.has(name));
  if (box && (isNew || isSomewhere) && !finder.query.has("bbox")) moves.show(box);
}
