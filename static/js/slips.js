/** Slips of several places on one page, in the language of whoever gets them. `[data-slips]`; the places are in the fragment. */
import { el, find, findAll } from "./dom.js";
import { listOf } from "./lists/link.js";
import { partOf } from "./lists/rows.js";
import { enhancePrint } from "./place/tools.js";
import { fit } from "./slip/fit.js";

const root = /** @type {HTMLElement} */ (find(document, "[data-slips]"));
const choice = /** @type {HTMLSelectElement} */ (find(document, "[data-slips-language]"));
const paper = /** @type {HTMLSelectElement} */ (find(document, "[data-slips-paper]"));
const status = /** @type {HTMLElement} */ (find(document, "[data-slips-status]"));

/** @param {string} [words] that they are here, where nobody else says it */
async function show(words = "") {
  const list = listOf(location.hash);
  if (!list) {
    root.replaceChildren();
    status.textContent = root.dataset.none ?? "";
    return;
  }
  const lang = choice.value;
  const pages = list.points.map(({ layer, id }) => partOf(`/${lang}/${layer}/${id}/slip.html`, "[data-slip]"));
  const found = await Promise.allSettled(pages);
  if (choice.value !== lang) return;
  const slips = found.flatMap((one) => (one.status === "fulfilled" && one.value ? [one.value] : []));
  root.replaceChildren(...slips);
  const isWhole = slips.length === found.length;
  status.textContent = isWhole ? words : (root.dataset.missing ?? "");
  status.classList.toggle("hush", isWhole); // What has come is seen.
  // Each is a page of its own elsewhere; here the page has its heading already.
  for (const slip of findAll(root, "[data-slip]")) {
    const heading = find(slip, "h1");
    heading?.replaceWith(el("h2", {}, ...heading.childNodes));
    fit(slip);
  }
}

for (const bar of findAll(document, "[data-slips-bar]")) bar.hidden = false;
enhancePrint(document);
choice.addEventListener("change", () => show(root.dataset.shown));
paper.addEventListener("change", () => root.classList.toggle("large", paper.value === "A4"));
addEventListener("hashchange", () => show());
await show();
