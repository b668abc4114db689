/** Takes back what is kept: a place that was taken down, and what nobody may find on this device any more. */
import { ANSWERS, PAGES } from "./caches.js";
import { names, without } from "./cutting.js";
import { headersOf } from "./with-list.js";

const ID = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=\/|$)/;

/** The id of the place that an address is about.
 * @param {string} url
 */
export function placeOf(url) {
  return ID.exec(new URL(url).pathname)?.[1] ?? null;
}

/**
 * Forget an address, as a page and as data; of a place all of its addresses, in every language: page, slip, row, data.
 * @param {string} url
 */
export async function forget(url) {
  const id = placeOf(url);
  for (const name of [PAGES, ANSWERS]) {
    const cache = await caches.open(name);
    await cache.delete(url, { ignoreVary: true });
    const others = id ? (await cache.keys()).filter((request) => request.url.includes(id)) : [];
    await Promise.all(others.map((request) => cache.delete(request)));
  }
}

/**
 * Forget what is gone, and what names it.
 * @param {string} url
 */
export async function forgetGone(url) {
  await forget(url);
  const id = placeOf(url);
  if (id) await forgetPlaces(new Set([id]));
}

/**
 * Forget places: all that is about them, and they go from the lists and tiles that name them. What they cannot be taken
 * out of goes whole: comparisons, days, pages of others.
 * @param {ReadonlySet<string>} ids
 */
export async function forgetPlaces(ids) {
  for (const name of [PAGES, ANSWERS]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (names(request.url, ids)) await cache.delete(request);
      else await takeOut(cache, request, ids);
    }
  }
}

/**
 * Take places out of one answer that is kept; it goes when that cannot be done.
 * @param {Cache} cache
 * @param {Request} request
 * @param {ReadonlySet<string>} ids
 */
async function takeOut(cache, request, ids) {
  const answer = await cache.match(request);
  const text = (await answer?.clone().text()) ?? "";
  if (!answer || !names(text, ids)) return;
  // A copy does not know any more where it was redirected to, so which question was understood.
  const rest = answer.redirected ? null : without(text, ids);
  if (rest === null) await cache.delete(request);
  else await cache.put(request, new Response(rest, { headers: headersOf(answer) }));
}
