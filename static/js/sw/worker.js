/**
 * The service worker: after one visit what was seen works without network, with the date of what is shown.
 *
 * It hears of a page `{ kind: "keep", urls }` (what it has loaded before there was a worker), `{ kind: "how" }` (how was
 * this page answered?), `{ kind: "keep-area", area }` (answered by the port that comes with it: what is kept, or
 * `null`), and tells a page `{ kind: "kept", reason, date, otherLanguage }` (`date` in milliseconds), `{ kind: "missing",
 * reason }`, `{ kind: "fresh" }`, `{ kind: "newer" }` or `{ kind: "gone", ids }` (places that are not openly on the map
 * any more). Pages and workers of different builds talk to each other: what one does not know it passes over. Why it takes over at once: docs/decisions/0009-a-worker-of-any-build.md.
 */
import { dateOf, newer } from "./age.js";
import { KEPT_IN, recallOfArea } from "./area-answers.js";
import { renewUnreadable, renewVisited } from "./area-renewal.js";
import { dropOldAreas } from "./areas.js";
import { ANSWERS, dropOld, dropUnknown, dropUnused, FILES, HOME, keep, PAGES, recall, TILES } from "./caches.js";
import { dropGone, heard, untold } from "./gone.js";
import { keepArea } from "./keep-area.js";
import { inTime, networkFirst } from "./network.js";
import { pageOfWhatIsKept, recallPage, startOfLastLanguage } from "./pages.js";
import { languageOf, ruleOf } from "./rules.js";
import { settle } from "./settling.js";

const scope = /** @type {ServiceWorkerScope} */ (/** @type {unknown} */ (self));
const { origin } = scope.location;
/** A picture of the base map is looked at again after this. */
const TILE_FRESH_MS = 7 * 24 * 3600 * 1000;
const MOST_ASKED_TO_KEEP = 150;
/** After a file that could not be had. */
const AGAIN_MS = 1000;

/** How pages were answered, by client, until they ask. @type {Map<string, object>} */
const answered = new Map();

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(activate()));

scope.addEventListener("fetch", (event) => {
  const rule = ruleOf(event.request, origin);
  if (rule === "file") event.respondWith(file(event));
  else if (rule === "tile") event.respondWith(tile(event));
  else if (rule === "answer") event.respondWith(answer(event));
  else if (rule === "page") event.respondWith(page(event));
  else if (rule === "start") event.respondWith(start(event));
});

scope.addEventListener("message", (event) => {
  const { kind, urls, area, ids } = /** @type {{ kind?: unknown, urls?: unknown, area?: any, ids?: unknown }} */ (
    event.data ?? {}
  );
  if (kind === "how" && event.source) {
    event.source.postMessage(answered.get(event.source.id) ?? { kind: "fresh" });
    event.waitUntil(tellUntold(event.source));
  }
  if (kind === "heard" && Array.isArray(ids)) event.waitUntil(heard(ids.map(String)));
  if (kind === "keep" && Array.isArray(urls)) event.waitUntil(keepAll(urls.slice(0, MOST_ASKED_TO_KEEP)));
  if (kind === "keep-area" && area && event.ports[0]) event.waitUntil(keepAndTell(area, event.ports[0]));
});

/** @param {Parameters<typeof keepArea>[0]} area @param {MessagePort} port */
async function keepAndTell(area, port) {
  const kept = await keepArea(area, origin).catch(() => null);
  if (kept) await keepLanguage(kept.lang).catch(() => {}); // The page of it has been read: most is there already.
  port.postMessage(kept);
}

/** All files of this build or none: a build that cannot be had whole does not take over. */
async function install() {
  await Promise.all(BUILD.files.map(had));
  const homes = await (await caches.open(HOME)).keys();
  const languages = new Set(homes.map(({ url }) => languageOf(url)));
  await Promise.all([...languages].map(keepLanguage));
  await scope.skipWaiting();
}

async function activate() {
  await dropUnknown();
  await dropOld();
  await dropOldAreas();
  await dropUnused([...BUILD.files, ...Object.values(BUILD.messages)]);
  await scope.clients.claim();
}

/** Have a file of the build.
 * @param {string} path
 */
async function had(path) {
  const files = await caches.open(FILES);
  if (!(await files.match(path))) await files.add(path);
}

/**
 * What a language needs beside the pages that were read in it. The page of what is kept is renewed by each build.
 * @param {string | null} language
 */
async function keepLanguage(language) {
  const messages = language && BUILD.messages[language];
  if (!messages) return;
  await Promise.all([
    had(messages),
    ...[`/${language}/offline`, `/${language}/lists`].map(async (path) =>
      keep(HOME, path, await fetch(path, { cache: "no-cache" })),
    ),
    keepAs("answer", new Request(`/api/v1/taxonomy/${language}.json`)),
  ]);
}

/** What a page has loaded before it had a worker, and what its language needs.
 * @param {unknown[]} urls
 */
async function keepAll(urls) {
  /** @type {Set<string>} */
  const languages = new Set();
  const work = urls.map(async (url) => {
    if (typeof url !== "string" || !URL.canParse(url)) return;
    // The page itself is named as its address; it is kept as if it were being opened.
    const request = new Request(url, { headers: { Accept: "text/html, */*" } });
    const rule = ruleOf({ method: "GET", url, mode: "navigate", headers: request.headers }, origin);
    const language = rule === "page" && languageOf(url);
    if (language) languages.add(language);
    if (rule === "file") await had(new URL(url).pathname);
    else if (rule && rule !== "start") await keepAs(rule, request);
  });
  await Promise.allSettled(work);
  const known = await (await caches.open(HOME)).keys();
  for (const language of languages) {
    // Of each language two pages are kept: one that failed is tried again.
    if (known.filter(({ url }) => languageOf(url) === language).length > 1) continue;
    await keepLanguage(language);
    // Whoever came by the page of a place will go on to the finder.
    if (!(await recallPage(new Request(`/${language}/`)))) await keepAs("page", new Request(`/${language}/`));
  }
}

/** @param {"tile" | "answer" | "page"} rule @param {Request} request */
async function keepAs(rule, request) {
  const name = { tile: TILES, answer: ANSWERS, page: PAGES }[rule];
  // It was loaded a moment ago: the browser's own cache has it.
  await settle(name, request, await fetch(request));
}

/** @param {FetchEvent} event */
async function file(event) {
  const files = await caches.open(FILES);
  const kept = await files.match(event.request);
  if (kept) return kept;
  const given = await hadInTheEnd(event.request);
  event.waitUntil(keep(FILES, event.request, given.clone()));
  return given;
}

/** A page of which one script fails does nothing at all, and a browser asks for each once: so it is asked for again. Of
 * several servers one may not have the new build yet.
 * @param {Request} request
 */
async function hadInTheEnd(request) {
  const given = await fetch(request).catch(() => null);
  if (given?.ok) return given;
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  return fetch(request, { cache: "reload" });
}

/** @param {FetchEvent} event */
async function tile(event) {
  const kept = await (await caches.open(TILES)).match(event.request);
  if (kept && Date.now() - dateOf(kept) < TILE_FRESH_MS) return kept;
  try {
    const asked = fetch(event.request);
    const given = kept ? await inTime(asked) : await asked;
    if (!given) return /** @type {Response} */ (kept);
    event.waitUntil(keep(TILES, event.request, given.clone()));
    return given.ok ? given : (kept ?? given);
  } catch {
    return kept ?? Response.error();
  }
}

/** @param {FetchEvent} event */
async function answer(event) {
  const { request, clientId } = event;
  const isList = request.headers.has("x-fragment");
  const given = await networkFirst({
    request,
    name: ANSWERS,
    // The browser's own cache may pass off an old list as a new one; tiles of points say for themselves not to ask it.
    ask: () => fetch(request, isList ? { cache: "no-cache" } : {}),
    recall: async () => newer(await recall(ANSWERS, request), await recallOfArea(request, BUILD.messages)),
    afterwards: (work) => event.waitUntil(work),
  });
  if (isList) event.waitUntil(tell(clientId, given));
  event.waitUntil(afterContact(given));
  return given.answer ?? given.refusal ?? Response.error();
}

/** @param {FetchEvent} event */
async function page(event) {
  const { request, resultingClientId } = event;
  const given = await networkFirst({
    request,
    name: PAGES,
    ask: () => fetch(request, { cache: "no-cache" }),
    recall: async () => newer(await recallPage(request), await recallOfArea(request, BUILD.messages)),
    afterwards: (work) => event.waitUntil(work),
  });
  const shown = given.answer ?? (await pageOfWhatIsKept(request.url)) ?? given.refusal;
  remember(resultingClientId, howGiven(given));
  event.waitUntil(tellOfNewer(resultingClientId, given));
  // Both times are of our server: the clock of this device may show anything.
  if (given.answer && !given.reason) event.waitUntil(renewVisited(request.url, dateOf(given.answer)));
  event.waitUntil(afterContact(given));
  return shown ?? Response.error();
}

/** @param {FetchEvent} event */
async function start({ request }) {
  const asked = fetch(request);
  const given = await inTime(asked).catch(() => null);
  return given ?? (await startOfLastLanguage(origin)) ?? (await pageOfWhatIsKept(request.url)) ?? asked;
}

/** Whether areas were looked through that a worker before this one has kept. */
let areBrought = false;

/** Our server can be reached: what is gone goes from this device, too.
 * @param {import("./network.js").Given} given
 */
async function afterContact({ reason, later }) {
  if (reason && (!later || (await later))) return;
  await dropGone(origin, tellOfGone);
  if (areBrought) return;
  areBrought = true;
  await renewUnreadable(origin);
}

/** Lists of places are where only pages can write.
 * @param {string[]} ids
 */
async function tellOfGone(ids) {
  for (const client of await scope.clients.matchAll()) client.postMessage({ kind: "gone", ids });
}

/** Whoever opens a page hears what was gone while none was open, also where there is no network.
 * @param {{ postMessage(message: any): void }} page
 */
async function tellUntold(page) {
  const ids = await untold();
  if (ids.length) page.postMessage({ kind: "gone", ids });
}

/** @param {import("./network.js").Given} given */
function howGiven({ answer: shown, reason }) {
  if (!reason) return { kind: "fresh" };
  if (!shown) return { kind: "missing", reason };
  return { kind: "kept", reason, date: dateOf(shown), otherLanguage: shown.headers.has(KEPT_IN) };
}

/** @param {string} clientId @param {import("./network.js").Given} given */
async function tell(clientId, given) {
  const client = await scope.clients.get(clientId);
  client?.postMessage(howGiven(given));
  await tellOfNewer(clientId, given);
}

/** Of what was slow: that it has come, or that it was not the network's slowness.
 * @param {string} clientId
 * @param {import("./network.js").Given} given
 */
async function tellOfNewer(clientId, given) {
  if (!given.later) return;
  const reason = await given.later;
  const how = reason ? howGiven({ ...given, reason }) : { kind: "newer" };
  remember(clientId, how);
  (await scope.clients.get(clientId))?.postMessage(how);
}

/** @param {string} clientId @param {object} how */
function remember(clientId, how) {
  answered.set(clientId, how);
  for (const oldest of answered.keys()) {
    if (answered.size <= 50) break;
    answered.delete(oldest);
  }
}
