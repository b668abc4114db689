/** What can be done with a place beside calling and going: share it, print it, leave in a hurry. */
import { awaken, find } from "../dom.js";
import { enhanceExit } from "../leave.js";

/**
 * Shows the tools that wait for script: `[data-share]` (its address is what is shared, `data-copied` are the words for
 * where it can only be copied) and `[data-print]`; `[data-tools-status]` is told what came of it. `[data-quick-exit]` is a link that leads to a harmless page without script, too.
 * @param {Document | Element} page
 */
export function enhanceTools(page) {
  const share = /** @type {HTMLAnchorElement | null} */ (find(page, "[data-share]"));
  if (share) awaken(share);
  share?.addEventListener("click", async (event) => {
    event.preventDefault();
    const status = find(page, "[data-tools-status]");
    const words = await offer(document.title, share.href, share.dataset.copied ?? "");
    if (status) status.textContent = words;
  });
  enhancePrint(page);
  enhanceExit(page);
}

/** Shows `[data-print]`, which opens the browser's own way to print.
 * @param {ParentNode} page
 */
export function enhancePrint(page) {
  const button = find(page, "[data-print]");
  if (!button) return;
  awaken(button);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    print();
  });
}

/**
 * Shares an address as the device does it; where it cannot, copies it. Gives what there is to say: that it is copied,
 * or the address itself, to be copied by hand.
 * @param {string} title
 * @param {string} url
 * @param {string} copied
 * @returns {Promise<string>}
 */
export async function offer(title, url, copied) {
  if (typeof navigator.share === "function") {
    try {
      await navigator.share({ title, url });
    } catch {
      // Closed without sharing: nothing to say.
    }
    return "";
  }
  try {
    await navigator.clipboard.writeText(url);
    return copied;
  } catch {
    return url;
  }
}
