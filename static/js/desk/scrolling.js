/**
 * The keys that scroll, on a wide screen: there the page itself does not, its panes do, and a key that is pressed before anything
 * in one of them has been would do nothing.
 */
import { find } from "../dom.js";

/** So far an arrow goes, and so much of a pane stays in sight when a page of it goes by. */
const LINE_PX = 40;
const KEPT = 0.1;

/** How far a key goes, in heights of the pane; `null` for any other key.
 * @param {KeyboardEvent} event
 * @param {number} high of the pane
 */
function far({ key, shiftKey }, high) {
  const page = high * (1 - KEPT);
  if (key === " ") return shiftKey ? -page : page;
  const ways = { ArrowDown: LINE_PX, ArrowUp: -LINE_PX, PageDown: page, PageUp: -page, Home: -1e6, End: 1e6 };
  return Object.hasOwn(ways, key) ? ways[/** @type {keyof typeof ways} */ (key)] : null;
}

/** @param {HTMLElement} desk */
export function scrollPane(desk) {
  const pane = find(desk, ".review");
  if (!pane) return;
  const page = desk.ownerDocument;
  page.addEventListener("keydown", (event) => {
    const at = event.target;
    // In a pane, in what opens over them and in a field the browser knows what to do.
    const elsewhere = "main :is(.review, .queue, .decisions), dialog, input, textarea, select, summary";
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(at instanceof Element) || at.closest(elsewhere) || (event.key === " " && at.closest("button, a"))) return;
    const by = far(event, pane.clientHeight);
    if (by === null || page.documentElement.scrollHeight > page.documentElement.clientHeight) return;
    event.preventDefault();
    pane.scrollBy({ top: by });
  });
}
