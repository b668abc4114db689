/** The list beside the map, written by the server and replaced as a fragment when the question changes. */
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { takeBanners } from "./carried.js";

const BUSY_AFTER_MS = 300;

/**
 * Events: `shown` (detail: the question that was answered; the server may have understood another one, when the words
 * name a place), `failed`.
 */
export class Results extends EventTarget {
  /**
   * @param {HTMLElement} container its children are the fragment
   * @param {string} url answers with the fragment when asked with `X-Fragment: results`
   * @param {() => Promise<void>} calm resolves when the page has time for another list: no finger moves the map
   */
  constructor(container, url, calm = async () => {}) {
    super();
    this.container = container;
    this.url = url;
    this.calm = calm;
    this.heard = el("p", { class: "hush", role: "status" });
    document.body.append(this.heard);
  }

  /**
   * Show the places of a question. A question asked later wins.
   * @param {string} query
   */
  async load(query) {
    this.asking?.abort();
    const controller = new AbortController();
    this.asking = controller;
    const busy = setTimeout(() => this.showBusy(), BUSY_AFTER_MS);
    try {
      const { page, answered } = await this.fetch(query, controller.signal);
      await this.calm();
      if (controller.signal.aborted) return;
      this.replace(page);
      this.dispatchEvent(new CustomEvent("shown", { detail: answered }));
    } catch {
      if (!controller.signal.aborted) this.dispatchEvent(new Event("failed"));
    } finally {
      clearTimeout(busy);
      if (this.asking === controller) this.showReady();
    }
  }

  /**
   * Another part of the page for a question, as the server writes it; nothing is shown.
   * @param {string} part
   * @param {string} query
   * @param {AbortSignal} signal
   */
  async fetchPart(part, query, signal) {
    return (await this.fetch(query, signal, part)).page;
  }

  /** @param {string} query @param {AbortSignal} signal @param {string} [part] */
  async fetch(query, signal, part = "results") {
    const answer = await fetch(query ? `${this.url}?${query}` : this.url, {
      signal,
      headers: { "X-Fragment": part, Accept: "text/html" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    // Parsed as a document of its own: nothing in it runs, and the policy of the page holds when it is moved in.
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { page, answered: answer.redirected ? new URL(answer.url).search.slice(1) : query };
  }

  /** @param {Document} page */
  replace(page) {
    const { container } = this;
    const hadFocus = container.contains(document.activeElement);
    // Asked while the page is laid out; afterwards the question would have it laid out at once.
    const wasScrolled = container.scrollTop > 0;
    // On a phone the page scrolls, and not the list.
    const isAbove = !container.hidden && container.getBoundingClientRect().top < 0;
    takeBanners(page);
    container.replaceChildren(...page.body.childNodes);
    // A list of help for those who may be watched has the way out; it is a link until this is read.
    if (container.querySelector("a[data-quick-exit]")) import("../exit.js").catch(() => {});
    this.name();
    const heading = container.querySelector("h1, h2");
    this.heard.textContent = heading?.textContent?.trim() ?? "";
    if (hadFocus && heading instanceof HTMLElement) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    if (wasScrolled) container.scrollTop = 0;
    if (isAbove) container.scrollIntoView();
  }

  /** Let the page be called by the question that the list answers; while a place is read, it goes by its name. */
  name() {
    const { title } = this.container.querySelector("h1")?.dataset ?? {};
    if (title && !this.container.hidden) document.title = `${title} – Pomapa`;
  }

  showBusy() {
    if (this.container.getAttribute("aria-busy") === "true") return;
    this.container.setAttribute("aria-busy", "true");
    const ghost = () =>
      el(
        "div",
        { class: "ghost", "aria-hidden": "true" },
        el("i", { class: "disc" }),
        el("div", {}, el("i", { class: "mid" }), el("i", { class: "long" }), el("i", { class: "short" })),
      );
    this.ghosts = el("div", { class: "results-busy" }, ghost(), ghost(), ghost());
    this.container.append(this.ghosts);
    this.heard.textContent = t("Loading places");
  }

  showReady() {
    this.container.removeAttribute("aria-busy");
    this.ghosts?.remove();
  }
}
