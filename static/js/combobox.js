/**
 * A search box with suggestions, after the WAI-ARIA combobox pattern: focus stays in the field, up and down move, Enter
 * takes, Escape closes and leaves what was typed. Without suggestions the field and its form work as they do without
 * script, unless `looks` says that there is nothing to send: then Enter asks at once.
 */
import { el } from "./dom.js";

/**
 * @template S
 * @typedef {object} Choice
 * @property {S} value
 * @property {(query: string) => HTMLElement[]} row what stands in the row
 */
/**
 * @template S
 * @typedef {{ name: string, choices: Choice<S>[] }} Group `name` may be empty
 */
/**
 * @template S
 * @typedef {object} ComboboxWishes
 * @property {HTMLElement} list an empty box, hidden at first, that becomes the listbox
 * @property {string} label of the list
 * @property {(query: string, signal: AbortSignal) => Promise<Group<S>[]>} suggest
 * @property {(value: S) => void} take
 * @property {number} [least] letters from which suggestions are asked for
 * @property {boolean} [looks] Enter without a chosen row looks for what is typed and never sends the form
 */

const WAIT_MS = 180;
let made = 0;

/**
 * @template S
 * @param {HTMLInputElement} input
 * @param {ComboboxWishes<S>} wishes
 */
export function combobox(input, { list, label, suggest, take, least = 2, looks = false }) {
  made += 1;
  const id = `choices-${made}`;
  const listbox = el("ul", { role: "listbox", id, "aria-label": label });
  list.replaceChildren(listbox);
  list.hidden = true;
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": id,
  }))
    input.setAttribute(name, value);

  /** @type {{ row: HTMLElement, value: S }[]} */
  let rows = [];
  let at = -1;
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  input.addEventListener("input", () => {
    stop();
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("blur", () => setTimeout(close, 120));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      // In a search field the browser would empty it.
      if (!list.hidden || input.value) event.preventDefault();
      stop();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && rows.length) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (list.hidden) open();
      move((at + step + rows.length + (at < 0 && step < 0 ? 1 : 0)) % rows.length);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(at);
    } else if (event.key === "Enter" && looks) {
      event.preventDefault();
      ask();
    }
  });

  /** Nothing that was asked for before may open the list any more. */
  function stop() {
    clearTimeout(timer);
    asking?.abort();
  }

  async function ask() {
    const query = input.value.trim();
    stop();
    if (query.length < least) {
      close();
      return;
    }
    const controller = new AbortController();
    asking = controller;
    try {
      const groups = await suggest(query, controller.signal);
      if (!controller.signal.aborted && document.activeElement === input) show(groups, query);
    } catch {
      if (!controller.signal.aborted) close();
    }
  }

  /** @param {Group<S>[]} groups @param {string} query */
  function show(groups, query) {
    rows = [];
    at = -1;
    input.removeAttribute("aria-activedescendant");
    listbox.replaceChildren();
    for (const { name, choices } of groups) {
      if (!choices.length) continue;
      if (name) listbox.append(el("li", { class: "group-name", role: "presentation" }, name));
      for (const { value, row } of choices) {
        const index = rows.length;
        const option = el("li", { role: "option", id: `${id}-${index}`, "aria-selected": "false" }, ...row(query));
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(index));
        rows.push({ row: option, value });
        listbox.append(option);
      }
    }
    if (rows.length) open();
    else close();
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    if (at >= 0) move(-1);
  }

  /** @param {number} next */
  function move(next) {
    rows[at]?.row.setAttribute("aria-selected", "false");
    at = next;
    const row = rows[at]?.row;
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  function choose(index) {
    const chosen = rows[index];
    stop();
    close();
    if (chosen) take(chosen.value);
  }
}

/**
 * A text with the part that was typed marked; letters are compared without case and marks, as the server does.
 * @param {string} text
 * @param {string} query
 * @returns {(Node | string)[]}
 */
export function marked(text, query) {
  const letters = [...text].map(plain);
  const wanted = plain(query);
  const start = letters.every((letter) => letter.length === 1) && wanted ? letters.join("").indexOf(wanted) : -1;
  if (start < 0) return [text];
  const all = [...text];
  const end = start + wanted.length;
  return [all.slice(0, start).join(""), el("mark", {}, all.slice(start, end).join("")), all.slice(end).join("")];
}

/** @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ł/g, "l");
}
