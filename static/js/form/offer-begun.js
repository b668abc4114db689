/**
 * Offers to go on with a form that was begun: `template[data-begun-offer]` stands where the offer is to be; in it
 * `[data-begun-what]` (which form, its name and when), `a[data-begun-go]` and `button[data-begun-forget]`. The value of
 * `data-begun-offer` is what the forms begin with: `add/`, or the one form of this page.
 */
import { find } from "../dom.js";
import { begunForms, forgetBegun, idOf } from "./begun.js";

/** @typedef {import("./begun.js").Begun} Begun */

/** @param {Document} page */
export async function offerBegun(page) {
  const place = /** @type {HTMLTemplateElement | null} */ (find(page, "template[data-begun-offer]"));
  if (!place) return;
  const here = idOf(location.pathname);
  const wanted = place.dataset.begunOffer ?? "";
  for (const one of begunForms()) {
    if (!one.id.startsWith(wanted) || (one.id === here && wanted !== here)) continue;
    if (one.id === here ? history.state?.typed : !(await isThere(one))) continue;
    place.after(offerOf(place, one, one.id === here));
  }
}

/**
 * A form that was sent, or that nobody went on with for long, is no longer at its address.
 * @param {Begun} one
 */
async function isThere({ id, path }) {
  try {
    const answer = await fetch(path, { method: "HEAD" });
    if (answer.status === 404 || answer.status === 410) forgetBegun(id);
    return answer.ok || answer.status === 422;
  } catch {
    return false;
  }
}

/** @param {HTMLTemplateElement} place @param {Begun} one @param {boolean} isHere */
function offerOf(place, one, isHere) {
  const offer = /** @type {HTMLElement} */ (place.content.firstElementChild?.cloneNode(true));
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const what = find(offer, "[data-begun-what]");
  if (what) what.textContent = [one.words, one.name, when.format(one.at)].filter(Boolean).join(", ");
  const go = /** @type {HTMLAnchorElement | null} */ (find(offer, "[data-begun-go]"));
  if (go) {
    go.href = one.path;
    go.addEventListener("click", (event) => {
      if (!isHere) return;
      event.preventDefault();
      // As if this tab had kept it.
      history.replaceState({ ...history.state, typed: { kept: one.kept, pairs: one.pairs } }, "");
      location.reload();
    });
  }
  find(offer, "[data-begun-forget]")?.addEventListener("click", () => {
    forgetBegun(one.id);
    offer.remove();
  });
  return offer;
}
