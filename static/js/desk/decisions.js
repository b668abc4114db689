/**
 * The bar of decisions: "turn down", "ask" and "checked" lead to a form that is folded up; with script it unfolds, ready to type,
 * without it the server unfolds it. One is open at a time; Escape, or the heading of it, leads back to where one was.
 * The row of the queue that is open is scrolled into sight.
 */
import { find, findAll } from "../dom.js";

/** @param {HTMLElement} desk */
export function openDecisions(desk) {
  // What could not be done is said above; the field that it is about waits for the answer. A mail that was asked for is seen.
  const wrong = "details[open] [aria-invalid=true]:is(textarea, input), details[open] [aria-invalid=true] input";
  find(desk, `${wrong}, details[open] .letter`)?.focus();
  // In a long queue the row that is open may lie below the fold; the pane scrolls, the page stays.
  const row = find(desk, ".queue .item.on");
  const pane = find(desk, ".queue");
  if (row && pane) pane.scrollTop = row.offsetTop - pane.offsetTop - pane.clientHeight / 2;
  const view = desk.ownerDocument.defaultView;
  let was = 0;

  desk.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href*="#"]') : null;
    const target = link && document.getElementById(link.getAttribute("href")?.split("#")[1] ?? "");
    if (!target?.matches("details")) return;
    event.preventDefault();
    const open = findAll(desk, ".decisions > details[open]");
    if (!open.length) was = view?.scrollY ?? 0;
    for (const other of open) if (other !== target) other.removeAttribute("open");
    target.setAttribute("open", "");
    target.scrollIntoView({ block: "nearest" });
    const fields = "input:not([type=hidden]), textarea";
    (find(target, `:is(${fields}):checked`) ?? find(target, fields))?.focus();
  });

  for (const form of findAll(desk, ".decisions > details")) {
    const leave = () => {
      for (const way of findAll(form, "input[form]:checked")) /** @type {HTMLInputElement} */ (way).checked = false;
      find(desk, `.decide a[href$="#${form.id}"]`)?.focus({ preventScroll: true });
      view?.scrollTo({ top: was });
    };
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      form.removeAttribute("open");
      leave();
    });
    find(form, "summary")?.addEventListener("click", () => {
      // The browser folds it up after this.
      if (form.hasAttribute("open")) setTimeout(leave);
    });
  }
}
