/** The point from which distances are told: the address that is asked about, else where the visitor is. */
import { parsePosition } from "../data/geo.js";
import { find } from "../dom.js";
import { t } from "../i18n.js";
import { whereAmI } from "./locate.js";
import { accuracyWords, writeDistances } from "./sync.js";

/** @typedef {import("./finder.js").Finder} Finder */

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
    map.setView([position[1], position[0]], Math.max(map.getZoom(), accuracy_m > 2000 ? 12 : 14));
    if (list) writeDistances(list, position, config.sprite);
  } catch {
    message.say(t("Type an address and we will find places near it"));
    document.getElementById("q")?.focus();
  }
}
