/** The point from which distances are told: the address that is asked about, else where the visitor is. */
import { parsePosition } from "../data/geo.js";
import { find } from "../dom.js";
import { t } from "../i18n.js";
import { whereAmI } from "./locate.js";
import { accuracyWords, writeDistances } from "./sync.js";

/** @typedef {import("./finder.js").Finder} Finder */

/** What the map shows is asked of the server: it is laid around the corner of a grid of a kilometre, never around where
 * somebody is. So close that they see themselves on it. Degrees. */
const GRID = { lng: 0.015, lat: 0.01 };
const CLOSEST = 14;
const FROM_AFAR = 12;

/** @param {Finder} finder */
export function showNear(finder) {
  const { layer, me, query } = finder;
  const near = parsePosition(query.get("near")?.[0]);
  const from = near ? { position: near, words: nearName(finder) ?? t("Near one spot") } : finder.located;
  layer.me = from?.position ?? null;
  if (from) me.show(from.position, from.words);
  else me.hide();
}

/** What the server has found at `near`: the words of an address bar are anybody's. @param {Finder} finder */
function nearName({ list, query }) {
  const named = list && find(list, "[data-near-name]");
  return named?.dataset.near === query.get("near")?.[0] ? named?.dataset.nearName : undefined;
}

/** Tell distances from where the visitor is, and show the map there. @param {Finder} finder */
export async function locate(finder) {
  const { map, moves, layer, me, message, list, config } = finder;
  try {
    const { position, accuracy_m } = await whereAmI();
    finder.located = { position, words: accuracyWords(accuracy_m) };
    layer.me = position;
    me.show(position, finder.located.words);
    message.clear();
    moves.byHand(); // Whoever asks for it asks what is there.
    map.setView(coarse(position), accuracy_m > 2000 ? FROM_AFAR : CLOSEST);
    if (list) writeDistances(list, position, config.sprite);
  } catch {
    message.say(t("Type an address and we will find places near it"));
    document.getElementById("q")?.focus();
  }
}

/** The nearest corner of the grid, as Leaflet has it: latitude first.
 * @param {import("../data/geo.js").Position} position
 * @returns {[number, number]}
 */
function coarse([lng, lat]) {
  return [Math.round(lat / GRID.lat) * GRID.lat, Math.round(lng / GRID.lng) * GRID.lng];
}
