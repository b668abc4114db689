/** The switch between map and list: plain links; script only marks the half that is in sight. */
import { findAll } from "../dom.js";

/** The sheet covers the map when its head has come up to the bar, into the upper third of the page. */
const UPPER_PART = "0px 0px -70% 0px";

/**
 * The browser tells where the sheet is after it has laid out the page; asked in between, it would do that twice. The two
 * halves are looked up anew each time, because the list that holds them is replaced.
 * @param {HTMLElement} page
 */
export function watchSwap(page) {
  let onList = false;
  const mark = () => {
    const [toMap, toList] = findAll(page, ".swap a");
    if (!toMap || !toList) return;
    toggle(toMap, !onList);
    toggle(toList, onList);
  };
  const list = page.querySelector("[data-results]");
  const watcher = new IntersectionObserver(
    (seen) => {
      onList = seen.at(-1)?.isIntersecting ?? false;
      mark();
    },
    { rootMargin: UPPER_PART },
  );
  if (list) watcher.observe(list);
  return mark;
}

/** @param {HTMLElement} link @param {boolean} on */
function toggle(link, on) {
  if (on) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}
