/**
 * Every public page: brings the service worker (sw/worker.js) to life once the page has loaded, and says over the page
 * when what it shows is not from the network. Without a worker nothing changes. And the way to one's lists in the bar.
 *
 * `meta[name="messages"]` has the address of the messages; they are loaded only when there is something to say.
 */
import { find } from "./dom.js";
import { loadMessages } from "./i18n.js";
import { showListsLink } from "./lists/bar.js";
import { forgetName } from "./lists/store.js";
import { showKept } from "./sw/kept-list.js";
import { showStrip } from "./sw/strip.js";

const WORKER = "/service-worker.js";
/** What a page has loaded before it had a worker is told to the worker: of these. */
const TO_KEEP = /^\/(api\/v1|static|tiles)\//;
const ASK_FOR_UPDATE_MS = 60 * 60 * 1000;

/** Loading the words is no matter of every message. @type {Promise<void> | undefined} */
let words;

/** @param {import("./sw/strip.js").How} how */
async function say(how) {
  // What a device has kept was said then; only an emergency is said on, until something fresh comes.
  document.documentElement.toggleAttribute("data-kept", how.kind === "kept");
  if (how.kind !== "fresh") await speaking();
  showStrip(how);
}

function speaking() {
  const url = document.querySelector('meta[name="messages"]')?.getAttribute("content") ?? undefined;
  words ??= loadMessages(document.documentElement.lang, url);
  return words;
}

/** @param {ServiceWorkerContainer} workers */
async function bringToLife(workers) {
  const had = workers.controller !== null;
  const registration = await workers.register(WORKER, { scope: "/", updateViaCache: "none" });
  const { active } = await workers.ready;
  if (!had && active) tellWhatWasLoaded(active);
  // A page that stays open for days, as an installed one does, still hears of a new build.
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - asked < ASK_FOR_UPDATE_MS) return;
    asked = Date.now();
    registration.update().catch(() => {}); // There may be no network; the next time will do.
  });
}

/**
 * This page and what it has loaded past the worker, also what was still on its way when the worker came to life.
 * @param {ServiceWorker} worker
 */
function tellWhatWasLoaded(worker) {
  worker.postMessage({ kind: "keep", urls: [withoutFragment(location.href)] });
  const observer = new PerformanceObserver((list) => {
    const past = /** @type {PerformanceResourceTiming[]} */ (list.getEntries()).filter((entry) => !entry.workerStart);
    const urls = past.map(({ name }) => withoutFragment(name)).filter(isToKeep);
    if (urls.length) worker.postMessage({ kind: "keep", urls });
  });
  observer.observe({ type: "resource", buffered: true });
}

/** @param {string} url */
function isToKeep(url) {
  return url.startsWith(`${location.origin}/`) && TO_KEEP.test(new URL(url).pathname);
}

/** @param {string} url */
function withoutFragment(url) {
  return url.split("#")[0] ?? url;
}

/** What one's own lists are called that is gone from the map; the worker need tell nobody else then.
 * @param {string[]} ids
 */
function forgetAll(ids) {
  ids.forEach(forgetName);
  navigator.serviceWorker.controller?.postMessage({ kind: "heard", ids });
}

/** Nothing of this may be in the way of the page itself.
 * @param {() => void} run
 */
function whenQuiet(run) {
  const later = () =>
    "requestIdleCallback" in globalThis ? requestIdleCallback(run, { timeout: 5000 }) : setTimeout(run, 500);
  if (document.readyState === "complete") later();
  else addEventListener("load", later, { once: true });
}

if ("serviceWorker" in navigator) {
  const workers = navigator.serviceWorker;
  workers.addEventListener("message", ({ data }) => (data.kind === "gone" ? forgetAll(data.ids) : say(data)));
  workers.startMessages();
  workers.controller?.postMessage({ kind: "how" });
  // Where site data is switched off there is no worker; the page is whole without it.
  whenQuiet(() => bringToLife(workers).catch(() => {}));
}

showListsLink(document);
const kept = find(document, "[data-kept]");
if (kept && "caches" in globalThis) speaking().then(() => showKept(kept));
