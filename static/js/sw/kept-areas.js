/** Areas on the page of what is kept: `[data-kept-areas]`, with a list of them, their date and size, each to be removed. */
import { el, find } from "../dom.js";
import { spoken, t, tn } from "../i18n.js";
import { dropOldAreas, keptAreas, listAddress, removeArea } from "./areas.js";
import { ageWords } from "./words.js";

/**
 * @param {HTMLElement} box of everything that is kept
 * @param {() => void} removed what is done when one was removed
 * @returns {Promise<number>} how many there are
 */
export async function showKeptAreas(box, removed) {
  await dropOldAreas();
  const areas = await keptAreas();
  const section = find(box, "[data-kept-areas]");
  if (section) section.hidden = areas.length === 0;
  if (section) find(section, "ul")?.replaceChildren(...areas.map((area) => row(area, removed)));
  return areas.length;
}

/** @param {import("./areas.js").Kept} area @param {() => void} removed */
function row(area, removed) {
  const { name, lang, date, places, bytes } = area;
  const remove = el(
    "button",
    { class: "quiet flush", type: "button", "aria-label": t("Remove: %(name)s", { name }) },
    t("Remove"),
  );
  remove.addEventListener("click", async () => {
    await removeArea(area);
    removed();
  });
  const words = [ageWords(date, Date.now(), spoken()), tn("%(n)s place", "%(n)s places", places), sizeText(bytes)];
  return el(
    "li",
    {},
    el("a", { href: listAddress(area), lang, hreflang: lang }, name),
    el("span", { class: "meta" }, words.join(", ")),
    remove,
  );
}

/** `120 kB`, `1,2 MB`, as the language writes it.
 * @param {number} bytes
 */
function sizeText(bytes) {
  const large = bytes >= 1_000_000;
  return new Intl.NumberFormat(spoken(), {
    style: "unit",
    unit: large ? "megabyte" : "kilobyte",
    maximumFractionDigits: large ? 1 : 0,
  }).format(large ? bytes / 1_000_000 : Math.max(1, bytes / 1000));
}
