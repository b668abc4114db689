/**
 * One place, read beside the map: what its own page says opens where the list is, under the page's own address, and the
 * list is there as it was when somebody goes back. Whatever stands in the way, the page itself is opened.
 */
import { el, find, findAll } from "../dom.js";
import { t } from "../i18n.js";
import { enhancePlace } from "../place/enhance.js";

/** What takes longer than this to come is said to be on its way. */
const BUSY_AFTER_MS = 400;
/** Longer than this nobody waits in a page that shows nothing of it: the browser does, and says so. */
const LONGEST_WAIT_MS = 8000;
const LANGUAGE = ".languages a[hreflang]";

/**
 * Events: `opened` (detail: `{ id, position }` of the place, the position `null` where there is none), `closed`.
 */
export class Details extends EventTarget {
  /**
   * @param {HTMLElement} list
   * @param {string} home the path of the finder
   * @param {(words: string) => void} say a word on the screen, "" for none
   */
  constructor(list, home, say) {
    super();
    this.list = list;
    this.home = home;
    this.say = say;
    /** What is read; `life` ends when it goes. @type {{ section: HTMLElement, path: string, life: AbortController, restore: () => void } | null} */
    this.shown = null;
    /** How many entries of the history lie between the list and what is read. */
    this.depth = 0;
    /** What is being asked for. @type {{ url: string, end: AbortController, busy: ReturnType<typeof setTimeout>, isSaid: boolean } | null} */
    this.asked = null;
    addEventListener("popstate", () => this.follow());
    addEventListener("hashchange", () => this.count());
  }

  /** The address has changed: to another place, back to the list, or only within what is shown. */
  follow() {
    this.stop(); // Whoever has gone elsewhere does not wait for it any more.
    const { pathname, href } = location;
    if (pathname === this.home) this.hide();
    else if (pathname !== this.shown?.path) this.open(href, false);
  }

  /**
   * Show the place of an address.
   * @param {string} url
   * @param {boolean} [isNew] whether it becomes a new entry of the history
   */
  async open(url, isNew = true) {
    if (url === this.asked?.url) return; // Pressed once more, because nothing has happened yet.
    this.stop();
    const busy = setTimeout(() => {
      asked.isSaid = true;
      this.say(t("Loading the place"));
    }, BUSY_AFTER_MS);
    const asked = { url, end: new AbortController(), busy, isSaid: false };
    this.asked = asked;
    const found = await fetchPage(url, asked.end.signal);
    if (this.asked !== asked) return;
    this.stop();
    const words = found && find(found.page, "main.page");
    if (!found || !words) {
      location.assign(url);
      return;
    }
    const { page, address } = found;
    // Of several places read one after the other, the way back to the list knows how many.
    this.depth = isNew ? (history.state?.depth ?? 0) + 1 : (history.state?.depth ?? 1);
    if (isNew) history.pushState({ depth: this.depth }, "", address);
    this.show(page, words, location.pathname);
    // Somebody may want to read it again without network; the worker knows whether it may be kept.
    navigator.serviceWorker?.controller?.postMessage({ kind: "keep", urls: [address] });
  }

  /** What was asked for is not waited for any more. */
  stop() {
    const { asked } = this;
    this.asked = null;
    asked?.end.abort();
    clearTimeout(asked?.busy);
    if (asked?.isSaid) this.say("");
  }

  /** A link within what is read, as the one past the navigation, is one more step away from the list. */
  count() {
    if (location.pathname !== this.shown?.path) return;
    if (history.state) this.depth = history.state.depth;
    else history.replaceState({ depth: ++this.depth }, "");
  }

  /**
   * @param {Document} page
   * @param {HTMLElement} words
   * @param {string} path
   */
  show(page, words, path) {
    const id = path.split("/")[3];
    const restore = this.shown?.restore ?? this.leaveList(find(this.list, `[data-id="${id}"]`));
    this.shown?.section.remove();
    this.shown?.life.abort();
    const life = new AbortController();
    const section = el("section", { class: "sheet details page", id: "details" }, ...words.childNodes);
    section.append(...findAll(page, ".stick"));
    const heading = find(section, "h1");
    section.setAttribute("aria-label", heading?.textContent?.trim() ?? page.title);
    section.addEventListener("click", (event) => this.act(event));
    this.list.after(section);
    this.shown = { section, path, life, restore };
    document.title = page.title;
    leadLanguages(page);
    enhancePlace(section, life.signal);
    section.scrollIntoView();
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    const { lng, lat } = find(section, "[data-place-map]")?.dataset ?? {};
    const position = lng && lat ? /** @type {[number, number]} */ ([Number(lng), Number(lat)]) : null;
    this.dispatchEvent(new CustomEvent("opened", { detail: { id, position } }));
  }

  /**
   * Put the list aside as it is.
   * @param {HTMLElement | null} row from which somebody leaves
   * @returns {() => void} that brings it back, with the row where it was on the screen
   */
  leaveList(row) {
    const { list } = this;
    const languages = findAll(document, LANGUAGE).map((link) => [link, link.getAttribute("href") ?? ""]);
    const [inList, inPage, top] = [list.scrollTop, scrollY, row?.getBoundingClientRect().top];
    const skips = findAll(document, `a.skip[href="#${list.id}"]`);
    const skipWords = skips.map((skip) => skip.textContent);
    // The one on top leads to what is read now; past the map it is still past the map.
    for (const skip of skips) lead(skip, "#details", skip.closest(".top") ? t("Skip to content") : skip.textContent);
    list.hidden = true;
    return () => {
      list.hidden = false;
      for (const [at, skip] of skips.entries()) lead(skip, `#${list.id}`, skipWords[at] ?? null);
      for (const [link, href] of /** @type {[HTMLElement, string][]} */ (languages)) link.setAttribute("href", href);
      list.scrollTop = inList;
      scrollTo(0, inPage);
      if (!row?.isConnected || top === undefined) return;
      // Rows before it that were never in sight have only now been given another height.
      list.scrollTop += row.getBoundingClientRect().top - top;
      scrollBy(0, row.getBoundingClientRect().top - top);
    };
  }

  /** Show the list again, as it was. */
  hide() {
    this.stop();
    const { shown, list } = this;
    if (!shown) return;
    const { activeElement } = document;
    const hadFocus = !activeElement || activeElement === document.body || shown.section.contains(activeElement);
    shown.section.remove();
    shown.life.abort();
    this.shown = null;
    shown.restore();
    if (hadFocus) placeToGoOn(list, shown.path.split("/")[3])?.focus({ preventScroll: true });
    this.dispatchEvent(new Event("closed"));
  }

  /** @param {MouseEvent} event inside of what is read */
  act(event) {
    const isBack = event.target instanceof Element && event.target.closest(".crumb");
    if (isBack && !(event.button || event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      history.go(-this.depth);
    }
  }
}

/**
 * The page of an address, parsed as a document of its own: nothing in it runs. Its own address is another one where it was
 * redirected. `null` where it cannot be had as it should.
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function fetchPage(url, signal) {
  try {
    const answer = await fetch(url, {
      headers: { Accept: "text/html" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)]),
    });
    if (!answer.ok) return null;
    return { page: new DOMParser().parseFromString(await answer.text(), "text/html"), address: answer.url };
  } catch {
    return null;
  }
}

/** @param {HTMLElement} link @param {string} href @param {string | null} words */
function lead(link, href, words) {
  link.setAttribute("href", href);
  link.textContent = words;
}

/** Where to go on in the list: the row of the place, or else what the list is called.
 * @param {HTMLElement} list
 * @param {string} [id]
 */
function placeToGoOn(list, id) {
  const row = find(list, `[data-id="${id}"] h2 a`);
  const heading = row ?? find(list, "h1, h2");
  if (heading && !row) heading.tabIndex = -1;
  return heading;
}

/** Let the menu of languages lead where that of another page leads.
 * @param {Document} page
 */
function leadLanguages(page) {
  for (const link of findAll(document, LANGUAGE)) {
    const there = find(page, `${LANGUAGE}[hreflang="${link.getAttribute("hreflang")}"]`)?.getAttribute("href");
    if (there) link.setAttribute("href", there);
  }
}
