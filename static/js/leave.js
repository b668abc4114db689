/** The way out for those who may be watched. */

/** Says in this tab that somebody has left: nothing about where. */
const LEFT = "left";

/** Has `a[data-quick-exit]`, also one that comes later, take this page's place in the history: the back button does not
 * lead here again, and from the pages with such a link that were read before it leads out again. Without script it is a link
 * to a harmless page.
 * @param {Document | Element} page
 */
export function enhanceExit(page) {
  page.addEventListener("click", leave);
}

/** @param {Event} event */
function leave(event) {
  const exit = event.target instanceof Element ? event.target.closest("a[data-quick-exit]") : null;
  if (!(exit instanceof HTMLAnchorElement) || event.defaultPrevented) return;
  event.preventDefault();
  mark((tab) => tab.setItem(LEFT, "1"));
  location.replace(exit.href);
}

/** Leads out again who came here with the back button after leaving. */
function turnAway() {
  const exit = document.querySelector("a[data-quick-exit]");
  if (exit instanceof HTMLAnchorElement && mark((tab) => tab.getItem(LEFT))) location.replace(exit.href);
}

/** What the tab's storage gives; null where the browser has none to use.
 * @template T
 * @param {(tab: Storage) => T} use
 */
function mark(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

const [entry] = performance.getEntriesByType("navigation");
const navigation = /** @type {PerformanceNavigationTiming | undefined} */ (entry);
if (navigation?.type === "back_forward") {
  // Whoever has touched the page since has asked for what it shows now.
  if (!navigator.userActivation?.hasBeenActive) turnAway();
  else mark((tab) => tab.removeItem(LEFT));
} else {
  // Who comes by a link or an address wants to read again.
  mark((tab) => tab.removeItem(LEFT));
}
addEventListener("pageshow", (event) => {
  if (event.persisted) turnAway();
});
