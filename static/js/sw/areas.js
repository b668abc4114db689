/**
 * Areas that somebody has asked to keep: the finder's page of the area, its list and panel, and its places. They stay
 * until they are taken off, whatever else is visited, or are too old to be shown.
 *
 * One cache, in which each area has a record under an address of its own that nobody asks a server for.
 */
import { LONGEST_MS } from "./age.js";
import { AREAS } from "./caches.js";

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

/** Whether an address is that of a part of the list.
 * @param {Area} area
 * @param {string} address
 */
export function isPart(area, address) {
  return address.startsWith(`${recordAddress(area)}/`) && address !== panelAddress(area);
}

/** The address of a page of an area's list.
 * @param {Area} area
 * @param {number} [page]
 */
export function listAddress({ code, lang }, page = 1) {
  return `/${lang}/?area=${encodeURIComponent(code)}${page > 1 ? `&page=${page}` : ""}`;
}

/** Where the panel of the area is kept.
 * @param {Area} area
 */
export function panelAddress(area) {
  return `${recordAddress(area)}/panel`;
}

/** The address of an area's places.
 * @param {Area} area
 */
export function placesAddress({ code, lang }) {
  return `/${lang}/area/${encodeURIComponent(code)}/kept.json`;
}

/** The address of what stands around a place.
 * @param {Pick<Area, "lang">} area
 */
export function frameAddress({ lang }) {
  return `/${lang}/offline/place`;
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

/** @type {Promise<unknown>} */
let written = Promise.resolve();

/** What changes areas, one after the other: each reads the record that it writes. Nothing in it may wait for a turn.
 * @template T
 * @param {() => Promise<T>} change
 * @returns {Promise<T>}
 */
export function inTurn(change) {
  const done = written.then(change);
  written = done.catch(() => {}); // Whoever has asked for it hears of that.
  return done;
}

/** @param {Kept} area */
export async function writeArea(area) {
  await (await caches.open(AREAS)).put(recordAddress(area), new Response(JSON.stringify(area)));
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
