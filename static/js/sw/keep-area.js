/** Keeps an area, or keeps it anew, all of it or nothing: done by the worker, so that it goes on when the page is left. */
import { dateOf } from "./age.js";
import {
  dropUnneeded,
  frameAddress,
  inTurn,
  isPart,
  keptArea,
  listAddress,
  outlineAddress,
  panelAddress,
  partAddress,
  placesAddress,
  removeArea,
  writeArea,
} from "./areas.js";
import { AREAS } from "./caches.js";
import { ROW as ROWS, without } from "./cutting.js";
import { isAllowed, mayKeep } from "./rules.js";
import { headersOf } from "./with-list.js";

/** A list of more pages is kept up to here: a thousand places. */
const MOST_PAGES = 40;
const HAS_NEXT = / rel="next"/;
const ROW = /<li class="hit"/g;

/**
 * What is protected, and what is about violence, is not among the places that may be kept: its rows go from the list.
 * @param {import("./areas.js").Area & { name: string }} area
 * @param {string} origin
 * @returns {Promise<import("./areas.js").Kept>}
 */
export async function keepArea({ code, lang, name }, origin) {
  const area = { code, lang };
  const had = await keptArea(area);
  /** By the address under which each is kept. @type {[string, Response][]} */
  const answers = [];
  const have = async (/** @type {string} */ address, kept = address, /** @type {HeadersInit} */ headers = {}) => {
    const answer = await fetch(origin + address, { cache: "no-cache", headers });
    if (!mayKeep(answer) || !isAllowed(answer)) throw new Error(String(answer.status));
    answers.push([kept, answer]);
    return answer;
  };
  const page = await have(listAddress(area));
  for (let i = 1; i <= MOST_PAGES; i += 1) {
    const part = await have(listAddress(area, i), partAddress(area, i), { "X-Fragment": "results" });
    if (!HAS_NEXT.test(await part.clone().text())) break;
  }
  await have(listAddress(area), panelAddress(area), { "X-Fragment": "panel" });
  await have(outlineAddress(area));
  await have(frameAddress(area));
  const { features } = await (await have(placesAddress(area))).clone().json();
  const may = new Set(features.map((/** @type {{ id: string }} */ { id }) => id));
  let places = 0;
  for (const entry of answers) {
    const [address, answer] = entry;
    const text = await answer.clone().text();
    const others = new Set([...text.matchAll(ROWS)].map(([, id]) => String(id)).filter((id) => !may.has(id)));
    const rest = others.size ? without(text, others) : text;
    if (rest === null) throw new Error("It names what may not be kept.");
    if (others.size) entry[1] = new Response(rest, { headers: headersOf(answer) });
    if (isPart(area, address)) places += placesIn(rest);
  }

  const sizes = await Promise.all(answers.map(async ([, answer]) => (await answer.clone().blob()).size));
  const kept = {
    ...area,
    name,
    places,
    date: dateOf(page) || Date.now(),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    urls: answers.map(([address]) => address),
  };
  await inTurn(() => write(kept, answers, had !== null));
  return kept;
}

/**
 * The record comes first, with all that may be of the area until its parts are there: whatever happens meanwhile, what
 * it names can be removed, and what is gone be taken out of it.
 * @param {import("./areas.js").Kept} kept
 * @param {[string, Response][]} answers
 * @param {boolean} wasKept when it began to be fetched
 */
async function write(kept, answers, wasKept) {
  const before = await keptArea(kept);
  // Whoever has taken it off this device does not want it back.
  if (wasKept && !before) throw new Error("It was removed.");
  const urls = [...new Set([...(before?.urls ?? []), ...kept.urls])];
  try {
    const cache = await caches.open(AREAS);
    await writeArea({ ...kept, urls, isTorn: true });
    for (const [address, answer] of answers) await cache.put(address, answer);
    await writeArea(kept);
  } catch (error) {
    // There is no room for it. One that was here before stays as far as it goes, until it is visited next.
    if (!before) await removeArea(kept);
    throw error;
  }
  await dropUnneeded(urls);
}

/** How many places a part of the list has.
 * @param {string} list
 */
export function placesIn(list) {
  return list.match(ROW)?.length ?? 0;
}
