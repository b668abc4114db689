/**
 * Filters without reload. They are links and a form that work by themselves; script takes the question out of their
 * address, so that what a filter means is known in one place, the server.
 */
import { IN_PANEL, kindOfMoment, parseQuery, queryText, settled, toggled, withValues } from "../data/query.js";
import { findAll } from "../dom.js";
import { ofArea } from "./question.js";

/** @typedef {import("../data/query.js").Query} Query */

/** @typedef {object} FilterWishes
 * @property {() => Query} current
 * @property {(query: Query) => void} ask
 * @property {(query: Query) => void} tell say how many places a question of the panel, not yet asked, would leave
 */

/**
 * @param {HTMLElement} page
 * @param {FilterWishes} wishes
 */
export function enhanceFilters(page, { current, ask, tell }) {
  for (const chip of findAll(page, "a[data-filter][data-value]")) {
    chip.setAttribute("role", "button");
    chip.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      chip.click();
    });
  }

  page.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
    const chip = /** @type {HTMLElement | null} */ (event.target.closest("a[data-filter][data-value]"));
    if (chip) {
      event.preventDefault();
      ask(toggled(current(), chip.dataset.filter ?? "", chip.dataset.value ?? ""));
      return;
    }
    const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[data-ask]"));
    if (link) {
      event.preventDefault();
      if (link.closest(".panel")) closePanel();
      ask(parseQuery(new URL(link.href).search));
    }
  });

  page.addEventListener("change", (event) => {
    if (!(event.target instanceof Element)) return;
    const form = /** @type {HTMLFormElement | null} */ (event.target.closest("form[data-ask]"));
    const means = event.target.getAttribute("data-means");
    const radio = means && form?.querySelector(`input[type=radio][value="${means}"]`);
    if (radio) /** @type {HTMLInputElement} */ (radio).checked = true;
    if (form?.matches("[data-at-once]")) ask(questionOf(form, current()));
    else if (form) tell(questionOf(form, current()));
  });

  page.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("form[data-ask]")) return;
    event.preventDefault();
    const query = questionOf(form, current());
    if (form.matches("[data-navigates]")) {
      // New words may name another town: the whole page answers. What was set by script since it came goes along.
      const address = new URL(form.action); // With its fragment: the keyboard goes on at the heading of the answer.
      address.search = queryText(withValues(withValues(query, "place", []), "as", []));
      location.assign(address.href);
      return;
    }
    if (form.closest(".panel")) closePanel();
    ask(query);
  });
}

/**
 * Make chips and ticks show what a question holds: after a step back, after a tag was taken away.
 * @param {HTMLElement} page
 * @param {Query} query
 */
export function showQuery(page, query) {
  for (const chip of findAll(page, "a[data-filter][data-value]")) {
    const on = query.get(chip.dataset.filter ?? "")?.includes(chip.dataset.value ?? "") ?? false;
    chip.classList.toggle("on", on);
    chip.setAttribute("aria-pressed", String(on));
    chip.removeAttribute("aria-current");
    const href = queryText(toggled(query, chip.dataset.filter ?? "", chip.dataset.value ?? ""));
    chip.setAttribute("href", href ? `?${href}` : "?");
  }
  for (const form of findAll(page, "form[data-ask]")) {
    for (const field of /** @type {Iterable<any>} */ (/** @type {HTMLFormElement} */ (form).elements)) {
      if (!field.name) continue;
      const given = query.get(field.name) ?? [];
      const values = field.name === "open_at" && field.type === "radio" ? given.map(kindOfMoment) : given;
      if (field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.type === "radio")
        field.checked = values.length ? values.includes(field.value) : field.value === "";
      else if (field.type === "hidden") field.value = values.join(",");
      else if (field.type === "search") showWords(field, values.join(","));
    }
  }
  const set = [...query].reduce((sum, [key, values]) => (IN_PANEL.has(key) ? sum + values.length : sum), 0);
  for (const badge of findAll(page, "[data-filter-count]")) {
    badge.hidden = set === 0;
    badge.textContent = String(set);
  }
}

/** Words that were asked for. A town's name that stands in the box without being words of the question stays.
 * @param {HTMLInputElement} field
 * @param {string} words
 */
function showWords(field, words) {
  if (words || field.value === field.dataset.asked) field.value = words;
  field.dataset.asked = words;
}

/**
 * The question of a form: its own fields as they stand, everything else as it is asked now. Whoever has ticked another
 * area asks about the whole of it.
 * @param {HTMLFormElement} form
 * @param {Query} current
 * @returns {Query}
 */
export function questionOf(form, current) {
  const own = parseQuery(new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])));
  const names = new Set([...form.elements].map((field) => field.getAttribute("name") ?? "").filter(Boolean));
  let query = current;
  for (const name of names) query = withValues(query, name, own.get(name) ?? []);
  const [area] = own.get("area") ?? [];
  if (area && !current.get("area")?.includes(area)) query = ofArea(query, area);
  return settled(query);
}

/** Close the panel, before the new question is asked: its address has no fragment any more that could be left. */
export function closePanel() {
  if (location.hash) location.hash = "#closed";
}
