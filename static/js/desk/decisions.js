/**
 * The bar of decisions: "turn down" and "ask" lead to a form that is folded up; with script it unfolds, ready to type,
 * without it the server unfolds it.
 * The row of the queue that is open is scrolled into sight.
 */
import { find } from "../dom.js";

/** @param {HTMLElement} desk */
export function openDecisions(desk) {
  // What could not be done is said above; the field that it is about waits for the answer.
  find(desk, "details[open] [aria-invalid=true]:is(textarea, input), details[open] [aria-invalid=true] input")?.focus();
  // In a long queue the row that is open may lie below the fold; the pane scrolls, the page stays.
  const row = find(desk, ".queue .item.on");
  const pane = find(desk, ".queue");
  if (row && pane) pane.scrollTop = row.offsetTop - pane.offsetTop - pane.clientHeight / 2;
  desk.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href*="#"]') : null;
    const target = link && document.getElementById(link.getAttribute("href")?.split("#")[1] ?? "");
    if (!target?.matches("details")) return;
    event.preventDefault();
    target.setAttribute("open", "");
    target.scrollIntoView({ block: "nearest" });
    find(target, "input:not([type=hidden]), textarea")?.focus();
  });
}
