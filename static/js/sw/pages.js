/** Pages that are opened without network: as they were, put together from what is kept, or the page that says what is. */
import { dateOf, newer } from "./age.js";
import { ANSWERS, HOME, PAGES, recall } from "./caches.js";
import { languageOf } from "./rules.js";
import { headersOf, withList } from "./with-list.js";

const HOME_PATH = /^\/[a-z]{2}\/offline$/;
/** The page of somebody's lists, which lie in the browser: kept like the other one. */
const LISTS_PATH = /^\/[a-z]{2}\/lists$/;

/**
 * The last good page of an address.
 * @param {Request} request
 * @returns {Promise<Response | undefined>}
 */
export async function recallPage(request) {
  const page = await recall(PAGES, request);
  // The page of what is kept is kept since the first visit, whether somebody has opened it or not.
  const { pathname } = new URL(request.url);
  if (HOME_PATH.test(pathname)) return newer(page, await pageOfWhatIsKept(request.url));
  if (LISTS_PATH.test(pathname)) return newer(page, await keptSince(pathname));
  const fragment = await recallFragment(request.url);
  if (!fragment || (page && dateOf(page) >= dateOf(fragment))) return page;
  // The finder asked this question while it was open: its list in the page of any other question.
  const frame = page ?? (await recall(PAGES, request, { ignoreSearch: true }));
  return (frame && (await withList(frame, fragment))) ?? page;
}

/** The page that says what is kept, in the language of the address.
 * @param {string} url
 */
export async function pageOfWhatIsKept(url) {
  const home = await caches.open(HOME);
  const first = (await home.keys()).find((one) => HOME_PATH.test(new URL(one.url).pathname));
  const wanted = (await home.match(`/${languageOf(url)}/offline`)) ?? (first && (await home.match(first)));
  // A page that was not asked for by its own address is no page of it.
  return wanted && new Response(await wanted.text(), { headers: headersOf(wanted) });
}

/** A page that is kept since the first visit, by its own address.
 * @param {string} path
 */
async function keptSince(path) {
  const kept = await (await caches.open(HOME)).match(path);
  return kept && new Response(await kept.text(), { headers: headersOf(kept) });
}

/** The way from `/` to the language that was read last.
 * @param {string} origin
 */
export async function startOfLastLanguage(origin) {
  const pages = await (await caches.open(PAGES)).keys();
  const last = pages.map(({ url }) => languageOf(url)).findLast((language) => language !== null);
  return last ? Response.redirect(`${origin}/${last}/`) : undefined;
}

/** @param {string} url */
async function recallFragment(url) {
  return recall(ANSWERS, new Request(url, { headers: { "X-Fragment": "results" } }));
}
