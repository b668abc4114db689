/**
 * What is kept, under names that the worker and the page of what is kept share. A number at the end of a name goes up
 * when what is in that cache is no longer understood; the next worker then drops the old one.
 */
import { isTooOld } from "./age.js";
import { isAllowed, mayKeep } from "./rules.js";

export const FILES = "pomapa-files-1";
/** The page for what is not kept, in each language that was read. */
export const HOME = "pomapa-home-1";
/** The second ones: in the first were pages that nobody had allowed to keep. */
export const PAGES = "pomapa-pages-2";
export const ANSWERS = "pomapa-answers-2";
export const TILES = "pomapa-tiles-1";
/** What somebody has asked to keep (areas.js); nothing of it goes by itself. */
export const AREAS = "pomapa-areas-1";
/** Until when our server was asked what is gone, and what of that no page has heard of yet (gone.js). */
export const ASKED = "pomapa-asked-1";

/** Files and pictures of the base map are the same whatever was read. */
export const FREE = new Set([FILES, TILES]);
/** How many of each; what was had longest ago goes first. @type {Record<string, number>} */
export const MOST = { [FILES]: 200, [HOME]: 16, [PAGES]: 60, [ANSWERS]: 250, [TILES]: 400, [AREAS]: 5000, [ASKED]: 2 };
const LARGEST_BYTES = 1_000_000;
const OURS = /^pomapa-/;
const FILE_NAME = /[\w.-]+-[A-Z0-9]{8,10}\.[a-z0-9]+/g;

/**
 * Keep an answer, if it may be, at the end of the row.
 * @param {string} name of the cache
 * @param {Request | string} request
 * @param {Response} answer it is used up
 */
export async function keep(name, request, answer) {
  if (!mayKeep(answer) || !(FREE.has(name) || isAllowed(answer))) return;
  if ((await answer.clone().blob()).size > LARGEST_BYTES) return;
  const cache = await caches.open(name);
  await cache.delete(request);
  // The answer itself and no copy: it knows where it was redirected to, so which question was understood.
  await cache.put(request, answer);
  const keys = await cache.keys();
  const tooMany = Math.max(0, keys.length - (MOST[name] ?? 0));
  await Promise.all(keys.slice(0, tooMany).map((key) => cache.delete(key)));
}

/**
 * What is kept for a request, unless it is too old to be shown: then it goes.
 * @param {string} name of the cache
 * @param {Request} request
 * @param {CacheQueryOptions} [options]
 */
export async function recall(name, request, options) {
  const cache = await caches.open(name);
  const kept = await cache.match(request, options);
  if (!kept || !isTooOld(kept)) return kept;
  await dropOld();
  return cache.match(request, options);
}

/** Drop pages and answers that are too old to be shown. */
export async function dropOld() {
  for (const name of [PAGES, ANSWERS]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      if (kept && isTooOld(kept)) await cache.delete(request);
    }
  }
}

/** Drop caches of workers before this one whose content it does not understand. */
export async function dropUnknown() {
  const unknown = (await caches.keys()).filter((name) => OURS.test(name) && !(name in MOST));
  await Promise.all(unknown.map((name) => caches.delete(name)));
}

/**
 * Drop the files that neither this build nor any page that is kept needs. A page of an old build goes on working: its
 * own files stay as long as it does.
 * @param {string[]} wanted paths
 */
export async function dropUnused(wanted) {
  const files = await caches.open(FILES);
  const had = new Map((await files.keys()).map((request) => [nameOf(request.url), request]));
  /** @type {Set<string>} */
  const needed = new Set();
  const names = wanted.map(nameOf);
  for (const name of [HOME, PAGES, AREAS]) {
    const cache = await caches.open(name);
    for (const page of await cache.matchAll()) {
      if (page.headers.get("content-type")?.startsWith("text/html")) names.push(...namesIn(await page.text()));
    }
  }
  // Files name the files that they load.
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const request = had.get(name);
    if (needed.has(name) || !request) continue;
    needed.add(name);
    if (/\.(js|css)$/.test(name)) names.push(...namesIn((await (await files.match(request))?.text()) ?? ""));
  }
  for (const [name, request] of had) if (!needed.has(name)) await files.delete(request);
}

/** @param {string} text */
function namesIn(text) {
  return text.match(FILE_NAME) ?? [];
}

/** @param {string} url */
function nameOf(url) {
  const { pathname } = new URL(url, "file:///");
  return pathname.slice(pathname.lastIndexOf("/") + 1);
}
