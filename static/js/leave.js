/** The way out for those who may be watched. */

/** Has `a[data-quick-exit]`, also one that comes later, take this page's place in the history: the back button does not
 * lead here again. Without script it is a link to a harmless page.
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
  location.replace(exit.href);
}
