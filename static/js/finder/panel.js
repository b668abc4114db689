/**
 * The panel of filters as a dialog. It opens and closes by the address (`#filters`), with or without script; script keeps
 * the focus in it, lets Escape close it and leads back to where it was opened.
 */
import { find, findAll } from "../dom.js";

/**
 * @param {HTMLElement} page
 * @param {() => void} [opened] what else is done when it opens
 * @param {Location} [place]
 */
export function enhancePanel(page, opened = () => {}, place = location) {
  const panel = find(page, ".panel");
  if (!panel) return;
  const others = [...page.children].filter(
    (element) => element instanceof HTMLElement && element !== panel && element.getAttribute("role") !== "status",
  );
  let open = false;
  /** @type {HTMLElement | null} */
  let opener = null;

  const follow = () => {
    const wanted = place.hash === `#${panel.id}`;
    if (wanted === open) return;
    open = wanted;
    if (open) {
      const { activeElement } = document;
      opener =
        activeElement instanceof HTMLElement && activeElement !== page
          ? activeElement
          : (openersOf(page, panel)[0] ?? null);
    }
    for (const other of others) other.toggleAttribute("inert", open);
    if (open) {
      find(panel, ".panel-head a")?.focus();
      opened();
    } else (opener ?? openersOf(page, panel)[0])?.focus();
  };

  addEventListener("hashchange", follow);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") place.hash = "#closed";
  });
  panel.addEventListener("click", (event) => {
    if (event.target === panel) place.hash = "#closed"; // Beside the card.
  });
  follow();
}

/** @param {HTMLElement} page @param {HTMLElement} panel */
function openersOf(page, panel) {
  return findAll(page, `a[href="#${panel.id}"]`);
}
