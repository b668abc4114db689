/**
 * What is given of kept areas for a request, in the place of the server: the finder's page for a question, its list and
 * panel, a tile of the points, the outline, and the page of a place.
 */
import { queryText } from "../data/query.js";
import { setClock } from "../data/zone.js";
import { speak } from "../i18n.js";
import { dateLike, isTooOld } from "./age.js";
import { listPart, panelPart } from "./area-list.js";
import { meantQuery } from "./area-meaning.js";
import { askedOf, fits, openOf } from "./area-places.js";
import { frameAddress, keptAreas, listAddress, panelAddress, partAddress, placesAddress } from "./areas.js";
import { AREAS, FILES } from "./caches.js";
import { ROW } from "./cutting.js";
import { placePage } from "./place-page.js";
import { headersOf, withList } from "./with-list.js";

/** @typedef {import("./areas.js").Area} Key */

const OUTLINE = /^\/api\/v1\/areas\/[^/]+\.geojson$/;
const POINTS = /^\/api\/v1\/tiles\/aid_points\/(\d+)\/(\d+)\/(\d+)\.geojson$/;
const FINDER = /^\/([a-z]{2})\/$/;
const PLACE = /^\/([a-z]{2})\/aid_points\/([0-9a-f-]{36})(?:\/[^/.]*)?$/;
/** The form of the filters and its foot, as they stand in the page (templates/finder/panel.html). */
const FORM = /<form class="panel-body"[\s\S]*?<div class="panel-foot">[\s\S]*?<\/div>/;
const CLOCK = / data-clock="([^"]*)"/;
/** The language of an answer to somebody who has asked in another one. */
export const KEPT_IN = "x-kept-in";

/**
 * @param {Request} request
 * @param {Record<string, string | undefined>} [messages] addresses of the words of our scripts, by language
 * @param {number} [now] milliseconds
 * @returns {Promise<Response | undefined>}
 */
export async function recallOfArea({ url, headers }, messages = {}, now = Date.now()) {
  const { origin, pathname, search, searchParams } = new URL(url);
  const cache = await caches.open(AREAS);
  const fresh = (/** @type {Response | undefined} */ answer) => (answer && !isTooOld(answer, now) ? answer : undefined);
  if (OUTLINE.test(pathname)) return fresh(await cache.match(pathname));
  const code = searchParams.get("area");
  const [, placeLang, id] = PLACE.exec(pathname) ?? [];
  if (placeLang && id) return fresh(await placeOf(cache, placeLang, id, messages, now));
  if (!code) return undefined;
  const tile = POINTS.exec(pathname);
  if (tile) return fresh(await tileOf(cache, code, tile.slice(1).map(Number), search, now));
  const lang = FINDER.exec(pathname)?.[1];
  const area = lang && inLanguage(await keptAreas(), lang).find((kept) => kept.code === code);
  if (!area) return undefined;
  const places = await cache.match(placesAddress(area));
  const page = searchParams.has("q") && (await cache.match(listAddress(area)));
  const clock = page && CLOCK.exec(await page.text())?.[1];
  const of = places && (await read(places));
  // Nothing is waited for between this and what is meant.
  if (clock) setClock(clock);
  const meant = of && meantQuery(of, search, now);
  if (meant) return fresh(sentOn(`${origin}${pathname}?${queryText(meant)}`, places));
  const answer = fresh(await finderOf(cache, area, search, headers.get("x-fragment"), messages, now));
  return answer && saidIn(answer, area.lang, lang);
}

/** The way to the question that the words mean, as the server sends there (app/pages/meaning.py): address and chips are its.
 * @param {string} address
 * @param {Response} places
 */
function sentOn(address, places) {
  const headers = new Headers({ location: address });
  dateLike(headers, places);
  return new Response(null, { status: 302, headers });
}

/** Those of a language first.
 * @template {Key} T
 * @param {T[]} areas
 * @param {string} lang
 */
function inLanguage(areas, lang) {
  return [...areas.filter((area) => area.lang === lang), ...areas.filter((area) => area.lang !== lang)];
}

/** @param {Response} answer @param {string} lang @param {string} asked */
function saidIn(answer, lang, asked) {
  if (lang === asked) return answer;
  const headers = headersOf(answer);
  headers.set(KEPT_IN, lang);
  return new Response(answer.body, { headers });
}

/**
 * @param {Cache} cache
 * @param {Key} area
 * @param {string} search
 * @param {string | null} part
 * @param {Record<string, string | undefined>} messages
 * @param {number} now
 */
async function finderOf(cache, area, search, part, messages, now) {
  if (part && part !== "results" && part !== "panel") return undefined;
  const kept = await Promise.all(
    [listAddress(area), partAddress(area, 1), panelAddress(area), placesAddress(area)].map((at) => cache.match(at)),
  );
  const [page, first, panel, places] = kept;
  if (!page) return undefined;
  // Of an area out of which a part had to go, or that a worker before this one has kept: the page as it is.
  if (!first || !panel || !places) return !part && /^\?area=[^&]*$/.test(search) ? page : undefined;
  const html = await page.text();
  const finder = {
    first: await first.text(),
    panel: await panel.text(),
    area: await read(places),
    rows: await rowsOf(cache, area),
    path: `/${area.lang}/`,
  };
  const speakNow = await wordsFor(area.lang, html, messages);
  speakNow();
  const written = part === "panel" ? panelPart(finder, search, now) : listPart(finder, search, now);
  const form = part ? "" : panelPart(finder, search, now);
  if (written === null || form === null) return undefined;
  const headers = headersOf(first);
  dateLike(headers, places);
  const answer = new Response(written, { headers });
  return part
    ? answer
    : withList(
        new Response(
          html.replace(FORM, () => form),
          { headers: page.headers },
        ),
        answer,
      );
}

/** The rows of the list by id, in their order. @param {Cache} cache @param {Key} area */
async function rowsOf(cache, area) {
  /** @type {Map<string, string>} */
  const rows = new Map();
  for (let i = 1; ; i += 1) {
    const part = await cache.match(partAddress(area, i));
    if (!part) return rows;
    for (const [row, id] of (await part.text()).matchAll(ROW)) rows.set(String(id), row);
  }
}

/**
 * @param {Cache} cache
 * @param {string} lang
 * @param {string} id
 * @param {Record<string, string | undefined>} messages
 * @param {number} now
 */
async function placeOf(cache, lang, id, messages, now) {
  for (const key of inLanguage(await keptAreas(), lang)) {
    const [frame, page, places] = await Promise.all(
      [frameAddress(key), listAddress(key), placesAddress(key)].map((at) => cache.match(at)),
    );
    const area = places && (await read(places));
    const place = area?.features.find((one) => one.id === id);
    if (!frame || !page || !places || !area || !place) continue;
    const headers = headersOf(frame);
    dateLike(headers, places);
    const around = await frame.text();
    const speakNow = await wordsFor(key.lang, await page.text(), messages);
    speakNow();
    const words = placePage(around, area, place, { lang: key.lang, list: listAddress(key), now });
    return saidIn(new Response(words, { headers }), key.lang, lang);
  }
  return undefined;
}

/**
 * The points of a tile (512 pixels, as data/tiles.js asks for them) out of all of an area.
 * @param {Cache} cache
 * @param {string} code
 * @param {number[]} tile z, x, y
 * @param {string} search
 * @param {number} now
 */
async function tileOf(cache, code, [z = 0, x = 0, y = 0], search, now) {
  const key = (await keptAreas()).find((kept) => kept.code === code);
  const places = key && (await cache.match(placesAddress(key)));
  const page = key && (await cache.match(listAddress(key)));
  if (!places || !page) return undefined;
  const area = await read(places);
  setClock(CLOCK.exec(await page.text())?.[1]);
  const asked = askedOf(area, search, now);
  if (!asked) return undefined;
  const features = area.features
    .filter((place) => place.geometry && isInTile(place.geometry.coordinates, z, x, y) && fits(area, place, asked))
    .map((place) => {
      const { kept, ...properties } = place.properties;
      return { ...place, properties: { ...properties, ...openOf(area, place, now) } };
    });
  const headers = new Headers({ "content-type": "application/geo+json" });
  dateLike(headers, places);
  return new Response(JSON.stringify({ type: "FeatureCollection", features }), { headers });
}

/** @param {import("../data/geo.js").Position} position @param {number} z @param {number} x @param {number} y */
function isInTile([lng, lat], z, x, y) {
  const n = 2 ** z;
  const s = Math.sin((lat * Math.PI) / 180);
  const across = ((lng + 180) / 360) * n;
  const down = (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * n;
  return Math.floor(across) === x && Math.floor(down) === y;
}

/** What was read last: a view has several tiles. @type {{ text: string, area: import("./area-places.js").Area } | null} */
let last = null;

/** @param {Response} places @returns {Promise<import("./area-places.js").Area>} */
async function read(places) {
  const text = await places.clone().text();
  if (last?.text !== text) last = { text, area: JSON.parse(text) };
  return last.area;
}

/**
 * What sets words and clock to those of an area: other answers are written at the same time, so that nothing may be waited
 * for between this and what is written.
 * @param {string} lang
 * @param {string} page of the area
 * @param {Record<string, string | undefined>} messages
 */
async function wordsFor(lang, page, messages) {
  const address = messages[lang];
  const words = address && (await (await caches.open(FILES)).match(address));
  const texts = words ? (await words.json()).messages : {};
  return () => {
    speak(lang, texts);
    setClock(CLOCK.exec(page)?.[1]);
  };
}
