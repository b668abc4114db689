/** The way to one's lists in the bar of the page, with the number of places in them, once something is saved. */
import { find, findAll } from "../dom.js";
import { countSaved, readLists, whenChanged } from "./store.js";

/** `a[data-lists-link]`, hidden in the page as it comes; in it `[data-lists-count]`.
 * @param {ParentNode} page
 */
export function showListsLink(page) {
  const links = findAll(page, "[data-lists-link]");
  if (!links.length) return;
  const show = () => {
    const count = countSaved(readLists());
    for (const link of links) {
      link.hidden = count === 0;
      const badge = find(link, "[data-lists-count]");
      if (badge) badge.textContent = String(count);
    }
  };
  whenChanged(show);
  show();
}
