/**
 * The week of opening hours: Monday copied, breaks added, and how others will read it, live. The form does the first two
 * by submit buttons (`value="copy:hours"`, `value="break:hours.2"`); script does the same in place.
 *
 * `[data-hours="hours"][data-preview-url]` holds `.day[data-day="0"]` to `7`, in each the tick `hours.0.on` and one or
 * more `[data-span]` with `hours.0.0.from`, `.to`, `.next`; `[data-off]` says that the day is closed; `[data-preview]`.
 */
import { find, findAll } from "../dom.js";
import { livePreview } from "./preview.js";

const MOST_SPANS = 4;
const MONDAY = 0;
const WORKDAYS = [1, 2, 3, 4];

/** @param {HTMLElement} hours */
export function enhanceHours(hours) {
  const name = hours.dataset.hours ?? "hours";
  const dayOf = (/** @type {number} */ day) => find(hours, `.day[data-day="${day}"]`);

  hours.addEventListener("click", (event) => {
    const button =
      event.target instanceof Element
        ? /** @type {HTMLButtonElement | null} */ (event.target.closest("button[value]"))
        : null;
    const [action, what = ""] = (button?.value ?? "").split(":");
    if (action === "copy" && what === name) {
      const monday = dayOf(MONDAY);
      if (!monday || !find(monday, "[data-span]")) return;
      event.preventDefault();
      for (const day of WORKDAYS) copyDay(monday, dayOf(day));
    } else if (action === "break" && what.startsWith(`${name}.`)) {
      const day = dayOf(Number(what.slice(name.length + 1)));
      const span = day && addSpan(day);
      if (!span) return;
      event.preventDefault();
      find(span, "input")?.focus();
    } else return;
    hours.dispatchEvent(new Event("change", { bubbles: true }));
  });

  hours.addEventListener("input", ({ target }) => {
    const day = target instanceof HTMLInputElement && target.type === "text" ? target.closest(".day") : null;
    const on = day && tickOf(day);
    // Who writes a time means that the place is open on that day.
    if (on && target instanceof HTMLInputElement && target.value.trim()) on.checked = true;
    showDays();
  });

  const showDays = () => {
    for (const day of findAll(hours, ".day")) {
      const on = tickOf(day);
      if (!on) continue;
      for (const part of findAll(day, "[data-span], button[value]")) part.hidden = !on.checked;
      for (const off of findAll(day, "[data-off]")) off.hidden = on.checked;
    }
  };
  hours.addEventListener("change", showDays);
  showDays();
  livePreview(hours, (input) => input.startsWith(`${name}.`));
}

/**
 * One more pair of times in a day; `null` when there are as many as may be.
 * @param {Element} day
 * @returns {HTMLElement | null}
 */
export function addSpan(day) {
  const spans = findAll(day, "[data-span]");
  const last = spans.at(-1);
  if (!last || spans.length >= MOST_SPANS) return null;
  const span = /** @type {HTMLElement} */ (last.cloneNode(true));
  const number = spans.length;
  for (const element of [span, ...findAll(span, "*")]) {
    for (const attribute of ["name", "id", "for"]) {
      const value = element.getAttribute(attribute);
      // The last number of `hours.2.0.from` and of `hours-2-0-from` is the pair's.
      if (value) element.setAttribute(attribute, value.replace(/([.-])\d+([.-](?:from|to|next))$/, `$1${number}$2`));
    }
    element.removeAttribute("aria-invalid");
    element.removeAttribute("aria-describedby");
    element.classList.remove("bad");
  }
  for (const field of /** @type {HTMLInputElement[]} */ (findAll(span, "input"))) {
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
  last.after(span);
  return span;
}

/**
 * Makes a day like another one.
 * @param {Element} from
 * @param {Element | null} to
 */
export function copyDay(from, to) {
  if (!to) return;
  const wanted = findAll(from, "[data-span]");
  for (const extra of findAll(to, "[data-span]").slice(Math.max(1, wanted.length))) extra.remove();
  while (findAll(to, "[data-span]").length < wanted.length && addSpan(to));
  const spans = findAll(to, "[data-span]");
  for (const [i, span] of wanted.entries()) {
    const target = spans[i];
    if (!target) continue;
    const fields = /** @type {HTMLInputElement[]} */ (findAll(target, "input"));
    for (const [j, field] of /** @type {HTMLInputElement[]} */ (findAll(span, "input")).entries()) {
      const copy = fields[j];
      if (!copy) continue;
      copy.value = field.value;
      copy.checked = field.checked;
    }
  }
  const [on, copied] = [tickOf(from), tickOf(to)];
  if (on && copied) copied.checked = on.checked;
}

/** @param {Element} day @returns {HTMLInputElement | null} */
function tickOf(day) {
  return find(day, 'input[type="checkbox"][name$=".on"]');
}
