/**
 * One place, read beside the map: what its own page says opens where the list is, under the page's own address, and the
 * list is there as it was when somebody goes back. Whatever stands in the way, the page itself is opened.
 */
import { el, find, findAll } from "../dom.js";
import { enhancePlace } from "../place/enhance.js";

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
   */
  constructor(list, home) {
    super();
    this.list = list;
    this.home = home;
    /** What is read. @type {{ section: HTMLElement, path: string, restore: () => void } | null} */
    this.shown = null;
    addEventListener("popstate", () => this.follow());
  }

  /** The address has changed: to another place, back to the list, or only within what is shown. */
  follow() {
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
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const found = await fetchPage(url, asking.signal);
    if (asking.signal.aborted) return;
    const words = found && find(found.page, "main.page");
    if (!found || !words) {
      location.assign(url);
      return;
    }
    const { page, address } = found;
    // Of several places read one after the other, the way back to the list knows how many.
    const depth = isNew ? (history.state?.depth ?? 0) + 1 : (history.state?.depth ?? 1);
    if (isNew) history.pushState({ depth }, "", address);
    this.show(page, words, location.pathname);
    // Somebody may want to read it again without network; the worker knows whether it may be kept.
    navigator.serviceWorker?.controller?.postMessage({ kind: "keep", urls: [address] });
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
    const section = el("section", { class: "sheet details page", id: "details" }, ...words.childNodes);
    section.append(...findAll(page, ".stick"));
    const heading = find(section, "h1");
    section.setAttribute("aria-label", heading?.textContent?.trim() ?? page.title);
    section.addEventListener("click", (event) => this.act(event));
    this.list.after(section);
    this.shown = { section, path, restore };
    document.title = page.title;
    leadLanguages(page);
    enhancePlace(section);
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
    for (const skip of skips) skip.setAttribute("href", "#details");
    list.hidden = true;
    return () => {
      list.hidden = false;
      for (const skip of skips) skip.setAttribute("href", `#${list.id}`);
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
    this.asking?.abort();
    const { shown, list } = this;
    if (!shown) return;
    const { activeElement } = document;
    const hadFocus = !activeElement || activeElement === document.body || shown.section.contains(activeElement);
    shown.section.remove();
    this.shown = null;
    shown.restore();
    if (hadFocus) find(list, `[data-id="${shown.path.split("/")[3]}"] h2 a`)?.focus({ preventScroll: true });
    this.dispatchEvent(new Event("closed"));
  }

  /** @param {MouseEvent} event inside of what is read */
  act(event) {
    const isBack = event.target instanceof Element && event.target.closest(".crumb");
    if (isBack && !(event.button || event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      history.go(-(history.state?.depth ?? 1));
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

/** Let the menu of languages lead where that of another page leads.
 * @param {Document} page
 */
function leadLanguages(page) {
  for (const link of findAll(document, LANGUAGE)) {
    const there = find(page, `${LANGUAGE}[hreflang="${link.getAttribute("hreflang")}"]`)?.getAttribute("href");
    if (there) link.setAttribute("href", there);
  }
}
