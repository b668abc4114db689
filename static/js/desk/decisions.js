/**
 * The bar of decisions: "turn down", "ask" and "checked" lead to a form that is folded up; with script it unfolds, ready to type,
 * without it the server unfolds it. One is open at a time; Escape, or the heading of it, leads back to where one was.
 * The row of the queue that is open is scrolled into sight. Enter on what is ticked, a photo that is to be left out
 * or a row of the queue, presses nothing.
 * Control and Enter send what one writes in, wherever its button is.
 */
import { find, findAll } from "../dom.js";

/** What one writes in. */
const WRITTEN = "textarea, input:not([type=checkbox], [type=radio], [type=file])";

/** @param {HTMLElement} desk */
export function openDecisions(desk) {
  // What could not be done is said above; the field that it is about waits for the answer. A mail that was asked for is seen.
  const asked = ":is(details[open], #resolve-form)";
  const wrong = `${asked} [aria-invalid=true]:is(textarea, input), ${asked} [aria-invalid=true] input`;
  const first = find(desk, `${wrong}, details[open] .letter`);
  first?.focus();
  // Whole: the browser leaves it where a part of it is seen.
  first?.scrollIntoView({ block: "nearest" });
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

  desk.addEventListener("keydown", (event) => {
    const box = event.target instanceof Element && event.target.matches("input[type=checkbox]:is([form], [name=id])");
    // The browser would press the first button of the form that the box belongs to: publish.
    if (box && event.key === "Enter") event.preventDefault();
    // Of Mac keyboards the other one. From the middle of a long form its button is dozens of tabs away.
    const field = event.target instanceof Element && event.target.closest(WRITTEN);
    if (!field || event.key !== "Enter" || event.repeat || !(event.ctrlKey || event.metaKey)) return;
    const form = /** @type {HTMLTextAreaElement} */ (field).form;
    if (form?.method !== "post") return;
    event.preventDefault();
    const first = [...form.elements].find((part) => part.matches("button:not([type=button])"));
    form.requestSubmit(/** @type {HTMLElement | undefined} */ (first));
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
