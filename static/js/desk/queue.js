/**
 * The list of what waits: one press ticks a page of it, and what comes in meanwhile is told, never pushed in: the list does
 * not move under the hand.
 *
 * `[data-tick-all]`: a button, hidden without script. `[data-fresh="/desk/new?…"]` holds a link to the list as it is by then.
 */
import { find, findAll } from "../dom.js";
import { tn } from "../i18n.js";

export const ASK_EVERY_MS = 20_000;

/** @param {HTMLElement} desk */
export function offerTicks(desk) {
  for (const button of findAll(desk, "[data-tick-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const boxes = /** @type {HTMLInputElement[]} */ (findAll(desk, "input[name=id]"));
      const all = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !all;
    });
  }
}

/**
 * Asks while the page is seen; an answer that is as before (304) costs nothing.
 * @param {HTMLElement} desk
 * @param {typeof fetch} [ask]
 * @returns {() => Promise<void>} asks once, for a page that comes into sight
 */
export function tellNew(desk, ask = (...words) => fetch(...words)) {
  const place = find(desk, "[data-fresh]");
  const link = place && find(place, "a");
  let etag = "";
  return async () => {
    if (!place || !link || place.ownerDocument.hidden) return;
    /** @type {Record<string, string>} */
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await ask(place.dataset.fresh ?? "", { headers, cache: "no-store" }).catch(() => null);
    if (answer?.status !== 200) return;
    etag = answer.headers.get("ETag") ?? "";
    const count = (await answer.json()).new;
    link.hidden = !count;
    link.textContent = count ? tn("%(n)s new: show it", "%(n)s new: show them", count) : "";
  };
}

/** @param {HTMLElement} desk */
export function watchNew(desk) {
  if (!find(desk, "[data-fresh]")) return;
  const ask = tellNew(desk);
  setInterval(ask, ASK_EVERY_MS);
  desk.ownerDocument.addEventListener("visibilitychange", ask);
}
