/**
 * The form of the filters, kept true: written anew by the server when the panel opens on another question than it was
 * written for, and its counts while somebody ticks.
 */
import { queryText } from "../data/query.js";
import { el, find, findAll } from "../dom.js";

/** @typedef {import("../data/query.js").Query} Query */

/**
 * @param {HTMLElement} panel
 * @param {{ current: () => Query, load: (query: Query, signal: AbortSignal) => Promise<Document>, written: (form: HTMLElement) => void }} wishes
 *   `load` gives the form as the server writes it for a question; `written` is told of every new one
 */
export function keepPanelTrue(panel, { current, load, written }) {
  let shown = queryText(current());
  /** @type {AbortController | undefined} */
  let asking;
  // Beside what is written anew: how many places a choice would leave is heard, too.
  const heard = el("p", { class: "hush", role: "status" });
  panel.append(heard);

  const fetchFor = async (/** @type {Query} */ query) => {
    asking?.abort();
    const controller = new AbortController();
    asking = controller;
    const page = await load(query, controller.signal);
    return controller.signal.aborted ? null : page;
  };

  async function renew() {
    const query = current();
    const text = queryText(query);
    if (text === shown) return;
    const card = find(panel, ".panel-card");
    const old = find(panel, "form");
    old?.setAttribute("aria-busy", "true");
    try {
      const page = await fetchFor(query);
      if (!page || !card) return;
      const head = find(card, ".panel-head");
      card.replaceChildren(
        ...(head ? [head] : []),
        ...[...page.body.children].map((node) => document.importNode(node, true)),
      );
      shown = text;
      const form = find(card, "form");
      if (form) written(form);
    } catch {
      // The old form stays: what it asks for is right, its counts are those of before.
      old?.removeAttribute("aria-busy");
    }
  }

  /** Write the counts that a choice, not yet asked for, would leave.
   * @param {Query} query
   */
  async function tell(query) {
    try {
      const page = await fetchFor(query);
      if (!page) return;
      copyCounts(page.body, panel);
      heard.textContent = find(panel, "[data-count-button]")?.textContent ?? "";
      shown = "?"; // Whatever is asked next, the form is written anew when it opens again.
    } catch {
      // The counts stay as they were; pressing the button works.
    }
  }

  return { renew, tell };
}

/**
 * Take the counts of one form over into another, row by row, and the words of its button. A number that the one has not
 * is none in the other.
 * @param {Element} from
 * @param {Element} to
 */
export function copyCounts(from, to) {
  const counts = new Map(findAll(from, ".tick").map((tick) => [keyOf(tick), find(tick, ".count")?.textContent]));
  // Other organisations run most of what is left. Whoever is choosing among them keeps those that are there, and so does
  // whoever is not told which they are.
  if (!find(from, "[data-uncounted]"))
    for (const runners of findAll(to, ".runs"))
      if (!runners.contains(document.activeElement)) runners.replaceChildren(...findAll(from, ".runs > *"));
  for (const tick of findAll(to, ".tick")) writeCount(tick, counts.get(keyOf(tick)) ?? "");
  const words = find(from, "[data-count-button]")?.textContent ?? "";
  for (const button of findAll(to, "[data-count-button]")) button.textContent = words;
}

/** @param {HTMLElement} tick @param {string} words */
function writeCount(tick, words) {
  const count = find(tick, ".count");
  if (!words) count?.remove();
  else if (count) count.textContent = words;
  else tick.append(" ", el("span", { class: "count" }, words));
}

/** @param {HTMLElement} tick the label of a row */
function keyOf(tick) {
  const { name, value } = /** @type {HTMLInputElement} */ (/** @type {HTMLLabelElement} */ (tick).control);
  return `${name}=${value}`;
}
