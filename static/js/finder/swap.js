/** The switch between map and list: plain links; script only marks the half that is in sight. */
import { findAll } from "../dom.js";

/**
 * The two halves and the sheet are looked up anew each time, because the list that holds them is replaced.
 * @param {HTMLElement} page
 */
export function watchSwap(page) {
  const mark = () => {
    const [toMap, toList] = findAll(page, ".swap a");
    const list = page.querySelector("[data-results]");
    if (!toMap || !toList || !list) return;
    // The sheet covers the map when its head has come up to the bar.
    const onList = list.getBoundingClientRect().top < innerHeight * 0.3;
    toggle(toMap, !onList);
    toggle(toList, onList);
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
  return mark;
}

/** @param {HTMLElement} link @param {boolean} on */
function toggle(link, on) {
  if (on) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}
