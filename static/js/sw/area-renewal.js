/** Has an area that is kept anew while there is a network, and takes out of it what was taken down. */
import { inTurn, isPart, keptArea, keptAreas, placesAddress, removeArea, writeArea } from "./areas.js";
import { AREAS } from "./caches.js";
import { names, without } from "./cutting.js";
import { keepArea, placesIn } from "./keep-area.js";
import { headersOf } from "./with-list.js";

/** Not more often: all of it is fetched each time. */
const RENEW_AFTER_MS = 24 * 3600 * 1000;

/**
 * Keep an area anew that is visited, when it is older than a day or something of it is missing.
 * @param {string} url of a page
 * @param {number} now when our server answered with the page, in milliseconds
 */
export async function renewVisited(url, now) {
  const { origin, pathname, searchParams } = new URL(url);
  const lang = /^\/([a-z]{2})\/$/.exec(pathname)?.[1];
  const code = searchParams.get("area");
  const kept = lang && code ? await keptArea({ code, lang }) : null;
  if (kept && (!isWhole(kept) || now - kept.date > RENEW_AFTER_MS)) await renew(kept, origin);
}

/** Keep areas anew that a worker before this one has kept with less than can be read of them now.
 * @param {string} origin
 */
export async function renewUnreadable(origin) {
  for (const area of await keptAreas()) if (!area.isTorn && !isWhole(area)) await renew(area, origin);
}

/** @param {import("./areas.js").Kept} area */
function isWhole(area) {
  return !area.isTorn && area.urls.includes(placesAddress(area));
}

/** What our server says of an area that it does not know, or no longer. */
const UNKNOWN = new Set(["404", "410", "422"]);

/** Keep all areas anew, or throw: of those that could be had, what is new is kept. One that our server does not know goes.
 * @param {string} origin
 */
export async function renewAll(origin) {
  for (const area of await keptAreas()) {
    try {
      await keepArea(area, origin);
    } catch (error) {
      if (!(error instanceof Error && UNKNOWN.has(error.message))) throw error;
      await removeArea(area);
    }
  }
}

/**
 * Take places out of all areas. Where that cannot be done the area is fetched anew; where that cannot be done either, the
 * part that names them goes, and the area is fetched when it is visited next.
 * @param {ReadonlySet<string>} ids
 * @param {string} origin
 */
export async function takeOutOfAreas(ids, origin) {
  for (const area of await keptAreas()) {
    const left = await inTurn(() => takeOut(area, ids));
    if (left.length && !(await renew(area, origin))) await inTurn(() => tear(area, ids));
  }
}

/** @param {import("./areas.js").Area} one @param {ReadonlySet<string>} ids */
async function tear(one, ids) {
  const left = await takeOut(one, ids);
  const cache = await caches.open(AREAS);
  for (const address of left) await cache.delete(address);
  const area = await keptArea(one);
  if (area && left.length) await writeArea({ ...area, isTorn: true });
}

/**
 * Take places out of the parts of an area.
 * @param {import("./areas.js").Area} one
 * @param {ReadonlySet<string>} ids
 * @returns {Promise<string[]>} the parts that name them still
 */
async function takeOut(one, ids) {
  const cache = await caches.open(AREAS);
  const area = await keptArea(one);
  if (!area) return [];
  const left = [];
  let places = 0;
  let isLess = false;
  for (const address of area.urls) {
    const answer = await cache.match(address);
    let text = (await answer?.clone().text()) ?? "";
    if (answer && names(text, ids)) {
      const rest = without(text, ids);
      if (rest === null) left.push(address);
      else {
        await cache.put(address, new Response(rest, { headers: headersOf(answer) }));
        text = rest;
        isLess = true;
      }
    }
    if (isPart(area, address)) places += placesIn(text);
  }
  if (isLess) await writeArea({ ...area, places });
  return left;
}

/** What cannot be had now stays as it is: the network comes back, or the area becomes too old.
 * @param {import("./areas.js").Kept} area
 * @param {string} origin
 * @returns {Promise<boolean>} whether it was had
 */
async function renew(area, origin) {
  return keepArea(area, origin).then(
    () => true,
    () => false,
  );
}
