/**
 * Whoever has a submission open has it: taken when its page opens, kept while it is seen, given back when it is left.
 * `[data-lease="/desk/submissions/…"]` holds `[data-lease-words]`, and `[data-lease-form]`s for those without script.
 */
import { find, findAll } from "../dom.js";

/** Before the ten minutes are over, also when one answer is lost. */
export const RENEW_EVERY_MS = 4 * 60_000;

/**
 * @param {HTMLElement} desk
 * @param {typeof fetch} [send]
 * @returns {(() => Promise<void>) | null} keeps it for longer; null where there is nothing to have
 */
export function keepLease(desk, send = (...words) => fetch(...words)) {
  const place = find(desk, "[data-lease]");
  if (!place) return null;
  const words = find(place, "[data-lease-words]");
  const body = () => new URLSearchParams({ by: "script" });
  let asked = false;

  for (const form of findAll(place, "[data-lease-form]")) form.hidden = true;
  place.ownerDocument.defaultView?.addEventListener("pagehide", () => {
    // Also while the answer is on its way: only one's own is given back.
    if (asked) navigator.sendBeacon(`${place.dataset.lease}/release`, body());
  });
  return async () => {
    if (place.ownerDocument.hidden) return;
    asked = true;
    const answer = await send(`${place.dataset.lease}/claim`, { method: "POST", body: body() }).catch(() => null);
    if (!answer?.ok) return;
    const said = await answer.json();
    if (words) words.textContent = said.words;
  };
}

/**
 * @param {HTMLElement} desk
 * @param {typeof fetch} [send]
 */
export function holdLease(desk, send) {
  const keep = keepLease(desk, send);
  if (!keep) return;
  keep();
  setInterval(keep, RENEW_EVERY_MS);
  // While nobody saw it, it may have run out, or a colleague has it: what is said of it is true when it is seen again.
  desk.ownerDocument.addEventListener("visibilitychange", keep);
}
