/**
 * Drops what was taken down, merged or protected since it was kept, whether or not it is asked for again: our server says
 * which places these are (app/map_api/gone.py). Nobody is asked for who keeps nothing, nor what they keep.
 *
 * Where the next question begins is written when all that was told is dropped, and not before. Each question begins where
 * the one before the last ended: an answer that was on its way then may have been kept after it.
 */
import { dateOf, isTooOld, LONGEST_MS } from "./age.js";
import { renewAll, takeOutOfAreas } from "./area-renewal.js";
import { keptAreas } from "./areas.js";
import { ANSWERS, AREAS, ASKED, PAGES } from "./caches.js";
import { forgetPlaces } from "./forgetting.js";

/** Longer than any server in front may give what it has (isOverdue). */
export const EVERY_MS = 3 * 60 * 1000;
/** After a question that had no answer. */
const AGAIN_MS = 20 * 1000;
const DAY_MS = 24 * 3600 * 1000;
/** Nothing of ours is older; a device may think anything of the time. */
const FIRST_DAY = Date.UTC(2020, 0, 1);
const RECORD = "/kept-asked";
/** What no page of ours has heard of yet: one's own lists are where only pages can write, and none may have been open. */
const NOTE = "/kept-untold";
const MOST_NOTED = 5000;

/**
 * @typedef {object} Asked
 * @property {string} from the question that is asked next
 * @property {string} next the one after it
 * @property {number} at when it was asked last, by the clock of this device
 */

/** Of the note: one change comes after the other. @type {Promise<unknown>} */
let noting = Promise.resolve();
/** @type {Promise<void> | null} */
let asking = null;
let triedAt = Number.NaN;

/**
 * Ask what is gone, if it is time, and drop it. To be called whenever our server has answered.
 * @param {string} origin
 * @param {(ids: string[]) => Promise<unknown>} tell is told what is gone, before that is taken as done; who hears of it
 *   says so (`heard`), and until somebody has it is told to whoever opens a page (`untold`)
 * @param {number} [now] milliseconds
 */
export async function dropGone(origin, tell, now = Date.now()) {
  if (asking || isWithin(AGAIN_MS, triedAt, now)) return;
  // What fails is asked again, from where this began.
  asking = ask(origin, tell, now).catch(() => {});
  await asking;
  asking = null;
}

/** The ids of what is gone that no page has heard of yet, also from before this worker was started.
 * @returns {Promise<string[]>}
 */
export async function untold() {
  const noted = await (await caches.open(ASKED)).match(NOTE);
  return noted ? noted.json() : [];
}

/** A page has heard that these are gone, and keeps nothing of them any more.
 * @param {readonly string[]} ids
 */
export function heard(ids) {
  const done = new Set(ids);
  return note((noted) => noted.filter((id) => !done.has(id)));
}

/** @param {(noted: string[]) => string[]} change */
function note(change) {
  noting = noting
    .catch(() => {}) // Whoever asked for that has been told.
    .then(async () => {
      const ids = change(await untold());
      const cache = await caches.open(ASKED);
      if (ids.length) await cache.put(NOTE, new Response(JSON.stringify(ids)));
      else await cache.delete(NOTE);
    });
  return noting;
}

/** @param {string} origin @param {(ids: string[]) => Promise<unknown>} tell @param {number} now */
async function ask(origin, tell, now) {
  const cache = await caches.open(ASKED);
  /** @type {Asked | undefined} */
  let asked = await (await cache.match(RECORD))?.json();
  if (asked && isWithin(EVERY_MS, asked.at, now)) return;
  if (asked && !isWithin(LONGEST_MS, asked.at, now)) asked = undefined;
  let oldest = await oldestKept();
  if (oldest === null || (!asked && isWithin(EVERY_MS, oldest, now))) return;
  triedAt = now;
  let question = asked?.from ?? questionSince(oldest);
  let said = await read(origin, question);
  if (!said) {
    // The server was put back to where it was once: what is kept may be of a place that it has never had.
    await dropUnconfirmed(origin);
    asked = undefined;
    oldest = await oldestKept();
    question = questionSince(oldest ?? now);
    said = await read(origin, question);
    if (!said) throw new Error("no answer to a day");
  }
  if (said.gone.size) {
    await forgetPlaces(said.gone);
    await takeOutOfAreas(said.gone, origin);
    await note((ids) => [...new Set([...ids, ...said.gone])].slice(-MOST_NOTED));
    await tell([...said.gone]);
  }
  const done = { from: asked?.next ?? question, next: said.next, at: now };
  await cache.put(RECORD, new Response(JSON.stringify(done)));
}

/**
 * All that is gone.
 * @param {string} origin
 * @param {string} question
 * @returns {Promise<{ gone: Set<string>, next: string } | null>} `null` where the server does not know this question;
 *   throws where it cannot be had
 */
async function read(origin, question) {
  /** @type {Set<string>} */
  const gone = new Set();
  for (let next = question; ; ) {
    const answer = await fetch(`${origin}/api/v1/gone?${next}`, { cache: "no-cache", credentials: "omit" });
    if (answer.status === 410 || answer.status === 422) return null;
    // Whoever stands between may answer anything, the page of a hotel's network with 200.
    const said = answer.status === 200 ? await answer.json() : null;
    if (typeof said?.next !== "string" || !Array.isArray(said.gone)) throw new Error(String(answer.status));
    for (const id of said.gone) gone.add(String(id));
    next = `cursor=${said.next}`;
    if (!said.more) return { gone, next };
  }
}

/** Drop what our server cannot be asked about, and keep areas anew, all of it or nothing.
 * @param {string} origin
 */
async function dropUnconfirmed(origin) {
  await renewAll(origin);
  await Promise.all([PAGES, ANSWERS].map((name) => caches.delete(name)));
}

/** When the oldest was made of all that is kept and may be shown still; `null` where nothing is. */
async function oldestKept() {
  const times = (await keptAreas()).map(({ date }) => date);
  for (const name of [PAGES, ANSWERS, AREAS]) {
    const answers = await (await caches.open(name)).matchAll();
    times.push(...answers.filter((answer) => dateOf(answer) && !isTooOld(answer)).map(dateOf));
  }
  return times.length ? Math.min(...times) : null;
}

/** The question for all since a day; clocks and zones are not all alike.
 * @param {number} moment
 */
function questionSince(moment) {
  const day = new Date(Math.max(FIRST_DAY, moment - DAY_MS));
  return `since=${day.toISOString().slice(0, 10)}`;
}

/** Whether less than so long has passed; a clock that was put back says nothing.
 * @param {number} ms
 * @param {number} since
 * @param {number} now
 */
function isWithin(ms, since, now) {
  return since <= now && now - since < ms;
}
