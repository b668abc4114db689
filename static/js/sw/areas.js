/**
 * Areas that somebody has asked to keep: the finder's page of the area, the rest of its list, and its points. They stay
 * until they are taken off, whatever else is visited, or are too old to be shown.
 *
 * One cache, in which each area has a record under an address of its own that nobody asks a server for.
 */
import { dateLike, isTooOld, LONGEST_MS } from "./age.js";
import { AREAS } from "./caches.js";
import { withList } from "./with-list.js";

/** How an area is named everywhere here. @typedef {{ code: string, lang: string }} Area */
/**
 * @typedef {object} Kept
 * @property {string} code of the unit
 * @property {string} lang
 * @property {string} name as the page says it
 * @property {number} date of the data, in milliseconds
 * @property {number} places
 * @property {number} bytes
 * @property {string[]} urls of everything that is kept of it, without the origin
 * @property {boolean} [isTorn] whether some of that is gone
 */

const RECORDS = "/kept-areas";
const RECORD = /^\/kept-areas\/[a-z]{2}\/[^/]+$/;
const OUTLINE = /^\/api\/v1\/areas\/[^/]+\.geojson$/;
const POINTS = /^\/api\/v1\/tiles\/aid_points\/(\d+)\/(\d+)\/(\d+)\.geojson$/;
/** What a moved map or another order adds to the question of an area: the list of all of it answers that too. */
const ABOUT_THE_VIEW = new Set(["area", "bbox", "near", "near_name", "page", "sort"]);

/** @param {Area} area */
export function recordAddress({ code, lang }) {
  return `${RECORDS}/${lang}/${encodeURIComponent(code)}`;
}

/** Where a part of the list is kept: a cache holds one answer of an address, and the page of the area has its own.
 * @param {Area} area
 * @param {number} page from 1
 */
export function partAddress(area, page) {
  return `${recordAddress(area)}/${page}`;
}

/** The address of a page of an area's list.
 * @param {Area} area
 * @param {number} [page]
 */
export function listAddress({ code, lang }, page = 1) {
  return `/${lang}/?area=${encodeURIComponent(code)}${page > 1 ? `&page=${page}` : ""}`;
}

/** The address of an area's points, more than any of them has.
 * @param {Pick<Area, "code">} area
 */
export function pointsAddress({ code }) {
  return `/api/v1/layers/aid_points/features.geojson?limit=10000&area=${encodeURIComponent(code)}`;
}

/** The address of an area's outline.
 * @param {Pick<Area, "code">} area
 */
export function outlineAddress({ code }) {
  return `/api/v1/areas/${encodeURIComponent(code)}.geojson`;
}

/** All kept areas, the newest first.
 * @returns {Promise<Kept[]>}
 */
export async function keptAreas() {
  const cache = await caches.open(AREAS);
  const records = (await cache.keys()).filter(({ url }) => RECORD.test(new URL(url).pathname));
  const kept = await Promise.all(records.map(async (request) => (await cache.match(request))?.json()));
  return kept.filter(Boolean).sort((a, b) => b.date - a.date);
}

/** @param {Area} area @returns {Promise<Kept | null>} */
export async function keptArea(area) {
  const record = await (await caches.open(AREAS)).match(recordAddress(area));
  return record ? record.json() : null;
}

/** Take an area off this device. Points that another language of it needs stay.
 * @param {Area} area
 */
export async function removeArea(area) {
  const kept = await keptArea(area);
  const cache = await caches.open(AREAS);
  await cache.delete(recordAddress(area));
  await dropUnneeded(kept?.urls ?? []);
}

/** Drop those of the addresses that no area needs.
 * @param {string[]} urls
 */
export async function dropUnneeded(urls) {
  const cache = await caches.open(AREAS);
  const needed = new Set((await keptAreas()).flatMap((area) => area.urls));
  await Promise.all(urls.filter((url) => !needed.has(url)).map((url) => cache.delete(url)));
}

/** Take areas off this device that are too old to be shown. */
export async function dropOldAreas() {
  for (const area of await keptAreas()) if (Date.now() - area.date > LONGEST_MS) await removeArea(area);
}

/**
 * What is kept of an area for a request of the finder: its page, a part of its list, a tile of its points, its outline.
 * @param {Request} request
 * @returns {Promise<Response | undefined>}
 */
export async function recallOfArea(request) {
  const kept = await keptFor(request);
  return kept && !isTooOld(kept) ? kept : undefined;
}

/** @param {Request} request */
async function keptFor({ url, headers }) {
  const { pathname, searchParams } = new URL(url);
  if (OUTLINE.test(pathname)) return (await caches.open(AREAS)).match(pathname);
  const code = searchParams.get("area");
  if (!code) return undefined;
  const cache = await caches.open(AREAS);
  const tile = POINTS.exec(pathname);
  if (tile && searchParams.size === 1) {
    const points = await cache.match(pointsAddress({ code }));
    return points && tileOf(points, tile.slice(1).map(Number));
  }
  const lang = /^\/([a-z]{2})\/$/.exec(pathname)?.[1];
  if (!lang || [...searchParams.keys()].some((name) => !ABOUT_THE_VIEW.has(name))) return undefined;
  const part = headers.get("x-fragment");
  const page = Number(searchParams.get("page") ?? 1);
  const first = () => cache.match(listAddress({ code, lang }));
  if (!part && page === 1) return first();
  if (part && part !== "results") return undefined;
  const list = await cache.match(partAddress({ code, lang }, page));
  if (part || !list) return list;
  const frame = await first();
  return frame && withList(frame, list);
}

/**
 * The points of a tile (512 pixels, as data/tiles.js asks for them) out of all of an area.
 * @param {Response} points
 * @param {number[]} tile z, x, y
 */
async function tileOf(points, [z = 0, x = 0, y = 0]) {
  const collection = await points.json();
  const n = 2 ** z;
  const features = collection.features.filter((/** @type {any} */ { geometry }) => {
    if (!geometry) return false;
    const [lng, lat] = geometry.coordinates;
    const s = Math.sin((lat * Math.PI) / 180);
    const across = ((lng + 180) / 360) * n;
    const down = (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * n;
    return Math.floor(across) === x && Math.floor(down) === y;
  });
  const headers = new Headers({ "content-type": "application/geo+json" });
  dateLike(headers, points);
  return new Response(JSON.stringify({ ...collection, features }), { headers });
}
