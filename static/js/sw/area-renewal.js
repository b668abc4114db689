/** Has an area that is kept anew while there is a network, so that what was taken down goes from it, too. */
import { keptArea, keptAreas } from "./areas.js";
import { AREAS } from "./caches.js";
import { keepArea } from "./keep-area.js";

/** Not more often: all of it is fetched each time. */
const RENEW_AFTER_MS = 24 * 3600 * 1000;

/**
 * Keep an area anew that is visited, when it is older than a day.
 * @param {string} url of a page
 * @param {number} [now] milliseconds
 */
export async function renewVisited(url, now = Date.now()) {
  const { origin, pathname, searchParams } = new URL(url);
  const lang = /^\/([a-z]{2})\/$/.exec(pathname)?.[1];
  const code = searchParams.get("area");
  const kept = lang && code ? await keptArea({ code, lang }) : null;
  if (kept && now - kept.date > RENEW_AFTER_MS) await renew(kept, origin);
}

/**
 * Keep all areas anew that have a place.
 * @param {string} id
 * @param {string} origin
 */
export async function renewAreasWith(id, origin) {
  const cache = await caches.open(AREAS);
  for (const area of await keptAreas()) {
    const parts = await Promise.all(area.urls.map(async (url) => (await cache.match(url))?.text()));
    if (parts.some((text) => text?.includes(id))) await renew(area, origin);
  }
}

/** What cannot be had now stays as it is: the network comes back, or the area becomes too old.
 * @param {import("./areas.js").Kept} area
 * @param {string} origin
 */
async function renew(area, origin) {
  await keepArea(area, origin).catch(() => {});
}
