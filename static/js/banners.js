/** Pages that have banners: read at once, so that nothing is seen that has ended or was put away. */
import { tidy } from "./banners/tidy.js";

tidy(document);
// A page that comes back from the history, or was asleep, has missed its time.
addEventListener("pageshow", () => tidy(document));
document.addEventListener("visibilitychange", () => tidy(document));
// Whether a page is a kept one is said after it is there (offline.js).
new MutationObserver(() => tidy(document)).observe(document.documentElement, { attributeFilter: ["data-kept"] });
