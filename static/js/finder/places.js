/** Places of the list and of the map are read beside the map; what shows them is loaded with the first one. */
import { toast } from "../toast.js";
import { placeAsked } from "./place-url.js";

/** @typedef {import("./finder.js").Finder} Finder */

/** @param {Finder} finder */
export function followPlaces(finder) {
  const follow = (/** @type {MouseEvent} */ event) => {
    const url = placeAsked(event);
    if (!url) return;
    event.preventDefault();
    readPlace(finder, url);
  };
  // Before the map, which keeps the clicks in its pop-ups to itself.
  finder.holder.parentElement?.addEventListener("click", follow, true);
}

/**
 * Read a place where the list is; where that cannot be, open its page. Nothing, where somebody has gone elsewhere meanwhile.
 * @param {Finder} finder
 * @param {string} url
 * @param {boolean} [isNew] whether it becomes a new entry of the history
 */
export async function readPlace(finder, url, isNew) {
  finder.wanted = url;
  try {
    finder.reader ??= import("./reading.js").then(({ Reading }) => new Reading(finder, toast));
    finder.reading = await finder.reader;
    if (finder.wanted === url) await finder.reading.read(new URL(url, location.href).href, isNew);
  } catch {
    if (finder.wanted === url) location.assign(url);
  }
}
