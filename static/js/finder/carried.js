/** The banners that a list brings along: whoever has the finder open reads a new one with the next question. */
import { find } from "../dom.js";

/**
 * Take what a fragment carries out of it, and show it where the page says something else.
 * @param {Document} fragment
 */
export function takeBanners(fragment) {
  const carried = /** @type {HTMLTemplateElement | null} */ (fragment.querySelector("template[data-carried]"));
  carried?.remove();
  const there = find(document, "[data-banners]");
  if (!carried || (there?.dataset.banners ?? "") === (carried.dataset.carried ?? "")) {
    // Where somebody may be watched the way out has to be in sight.
    if (fragment.querySelector("a[data-quick-exit]")) fold();
    return;
  }
  const section = carried.content.firstElementChild;
  there?.remove();
  if (!section) return;
  find(document, "header.top")?.after(section);
  import("../banners/tidy.js").then(({ tidy }) => tidy(document)).catch(() => {});
}

function fold() {
  for (const banner of document.querySelectorAll("details.banner[open]")) banner.removeAttribute("open");
}
