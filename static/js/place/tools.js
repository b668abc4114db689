/** What can be done with a place beside calling and going: share it, print it, leave in a hurry. */
import { find } from "../dom.js";

/**
 * Shows the tools that this browser has. `[data-tools]` holds them, hidden without script; in it `[data-share]` and
 * `[data-print]`. `[data-quick-exit]` is a link that leads to a harmless page without script, too.
 * @param {Document} page
 */
export function enhanceTools(page) {
  const tools = find(page, "[data-tools]");
  const share = find(page, "[data-share]");
  if (tools) tools.hidden = false;
  if (share && "share" in navigator) {
    share.hidden = false;
    share.addEventListener("click", async (event) => {
      event.preventDefault();
      try {
        await navigator.share({ title: page.title, url: location.href });
      } catch {
        // Closed without sharing: nothing to say.
      }
    });
  }
  find(page, "[data-print]")?.addEventListener("click", (event) => {
    event.preventDefault();
    print();
  });
  const exit = /** @type {HTMLAnchorElement | null} */ (find(page, "a[data-quick-exit]"));
  exit?.addEventListener("click", (event) => {
    event.preventDefault();
    // Takes this page's place in the history: the back button does not lead here again.
    location.replace(exit.href);
  });
}
