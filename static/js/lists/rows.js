/** What the server says of a place now, fetched one by one: no request holds a list, its name or its notes. */

import { isTooOld } from "../sw/age.js";
import { takeOutOfAreas } from "../sw/area-renewal.js";
import { forgetGone, placeOf } from "../sw/forgetting.js";

/**
 * A part of a public page, taken in as nodes: nothing in it runs.
 * @param {string} url
 * @param {string} selector
 * @returns {Promise<HTMLElement | null>} `null` where the place is not on the map any more, nor then on this device; without a network what this
 *   device has kept of it, throws where that is nothing
 */
export async function partOf(url, selector) {
  const answer = await fetch(url, { credentials: "omit", headers: { Accept: "text/html" } }).catch(async (error) => {
    const kept = "caches" in globalThis && (await caches.match(url));
    if (!kept || isTooOld(kept)) throw error;
    return kept;
  });
  if (answer.status === 404 || answer.status === 410) {
    if ("caches" in globalThis) await forgetEverywhere(new URL(url, location.href).href);
    return null;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.querySelector(selector);
  return part ? /** @type {HTMLElement} */ (document.importNode(part, true)) : null;
}

/** @param {string} url */
async function forgetEverywhere(url) {
  await forgetGone(url);
  const id = placeOf(url);
  if (id) await takeOutOfAreas(new Set([id]), location.origin);
}
