/**
 * The list of what can be read without network, on the page about it (templates/offline/offline.html): `[data-kept]`
 * with `[data-kept-areas]` (kept-areas.js), `[data-kept-places]`, `[data-kept-lists]`, `[data-kept-nothing]`, `[data-kept-forget]` and `[data-kept-status]`.
 */
import { el, find } from "../dom.js";
import { spoken, t } from "../i18n.js";
import { dateOf } from "./age.js";
import { ANSWERS, AREAS, ASKED, dropOld, PAGES, TILES } from "./caches.js";
import { showKeptAreas } from "./kept-areas.js";
import { ageWords } from "./words.js";

const PLACE = /^\/[a-z]{2}\/[a-z_]+\/[0-9a-f-]{36}\//;
const FINDER = /^\/[a-z]{2}\/$/;

/** @param {HTMLElement} box `[data-kept]` */
export async function showKept(box) {
  await dropOld();
  const kept = [...(await entries(PAGES)), ...(await entries(ANSWERS))].sort((a, b) => b.date - a.date);
  fill(
    find(box, "[data-kept-places]"),
    kept.filter(({ path }) => PLACE.test(path)),
  );
  fill(
    find(box, "[data-kept-lists]"),
    kept.filter(({ path }) => FINDER.test(path)),
  );
  const areas = await showKeptAreas(box, () => showKept(box));
  const isEmpty = kept.length === 0 && areas === 0;
  const nothing = find(box, "[data-kept-nothing]");
  if (nothing) nothing.hidden = !isEmpty;
  const forget = find(box, "[data-kept-forget]");
  if (forget) {
    forget.hidden = isEmpty;
    forget.onclick = () => forgetAll(box);
  }
  box.hidden = false;
}

/** @param {HTMLElement} box */
async function forgetAll(box) {
  await Promise.all([PAGES, ANSWERS, TILES, AREAS, ASKED].map((name) => caches.delete(name)));
  await showKept(box);
  const status = find(box, "[data-kept-status]");
  if (status) status.textContent = t("All of it is removed from this device.");
}

/** @typedef {{ url: string, path: string, title: string, lang: string, date: number }} Entry */

/**
 * Pages, and lists that the finder asked for. Two of one address are one.
 * @param {string} name
 * @returns {Promise<Entry[]>}
 */
async function entries(name) {
  const cache = await caches.open(name);
  const found = await Promise.all(
    (await cache.keys()).map(async ({ url }) => {
      const { pathname: path } = new URL(url);
      if (!PLACE.test(path) && !FINDER.test(path)) return null;
      const answer = await cache.match(url, { ignoreVary: true });
      const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
      const title = page.querySelector("h1")?.textContent?.trim().replace(/\s+/g, " ") ?? "";
      return answer && title ? { url, path, title, lang: path.slice(1, 3), date: dateOf(answer) } : null;
    }),
  );
  return found.filter((entry) => entry !== null);
}

/**
 * @param {HTMLElement | null} box with a heading and an empty list
 * @param {Entry[]} kept
 */
function fill(box, kept) {
  if (!box) return;
  box.hidden = kept.length === 0;
  /** @type {Map<string, Entry>} */
  const newest = new Map();
  for (const entry of kept) if (!newest.has(entry.url)) newest.set(entry.url, entry);
  find(box, "ul")?.replaceChildren(
    ...[...newest.values()].map(({ url, title, lang, date }) =>
      el(
        "li",
        {},
        el("a", { href: url, lang, hreflang: lang }, title),
        el("span", { class: "meta" }, ageWords(date, Date.now(), spoken())),
      ),
    ),
  );
}
