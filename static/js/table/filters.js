/** The filters of the table: a form of the page, as in the finder; what is chosen is another page. */
import { parseQuery, queryText, settled } from "../data/query.js";
import { find } from "../dom.js";
import { enhanceFilters } from "../finder/filters.js";
import { enhancePanel } from "../finder/panel.js";
import { keepPanelTrue } from "../finder/panel-form.js";

/** @typedef {import("../data/query.js").Query} Query */

/**
 * @param {HTMLElement} page
 * @param {Location} [place]
 */
export function enhanceTableFilters(page, place = location) {
  const current = () => settled(parseQuery(place.search));
  const ask = (/** @type {Query} */ query) => {
    const text = queryText(query);
    // The keyboard goes on at the heading.
    place.assign(`${text ? `?${text}` : place.pathname}#count`);
  };
  const panel = find(page, ".panel");
  const form = panel && keepPanelTrue(panel, { current, load, written: () => {} });
  enhanceFilters(page, { current, ask, tell: (query) => form?.tell(query) });
  enhancePanel(page, undefined, place);

  /** The form as the finder's page beside the table writes it: only its counts are taken over.
   * @param {Query} query
   * @param {AbortSignal} signal
   */
  async function load(query, signal) {
    const answer = await fetch(`${new URL("./", place.href).pathname}?${queryText(query)}`, {
      signal,
      headers: { "X-Fragment": "panel", Accept: "text/html" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }
}
