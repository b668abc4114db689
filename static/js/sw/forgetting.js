/** Takes back what is kept: a place that was taken down, and what nobody may find on this device any more. */
import { ANSWERS, PAGES } from "./caches.js";

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
 * Forget what is gone, and everything that names it: lists, comparisons, tiles.
 * @param {string} url
 */
export async function forgetGone(url) {
  await forget(url);
  const id = placeOf(url);
  if (!id) return;
  for (const name of [PAGES, ANSWERS]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if ((await (await cache.match(request))?.text())?.includes(id)) await cache.delete(request);
    }
  }
}
