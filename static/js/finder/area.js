/**
 * The areas of the panel: suggestions for the field in which somebody types a gmina, a powiat or a voivodeship, and the
 * buttons of the metropolises. What is chosen becomes a tick of the same form: everything else that is ticked stays.
 */
import { el, find, findAll } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {{ code: string, name: string, detail: string, own?: string, own_language?: string }} Unit `own` is the part of the name in another language */

/**
 * @param {HTMLElement} form
 * @param {string} url of the suggestions
 * @param {Pick<typeof import("../combobox.js"), "combobox" | "marked">} parts
 */
export function enhanceArea(form, url, { combobox, marked }) {
  if (find(form, "[data-units][role]")) return; // It was written anew while this was on its way.
  for (const button of findAll(form, "button[name=in_area]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      tickArea(form, button.getAttribute("value") ?? "", [...button.cloneNode(true).childNodes]);
    });
  }
  const input = /** @type {HTMLInputElement | null} */ (find(form, "[data-units]"));
  const list = input && find(/** @type {HTMLElement} */ (input.parentElement), ".suggest");
  if (!input || !list || !url) return;
  combobox(input, {
    list,
    label: t("Suggestions"),
    take: (unit) => {
      input.value = "";
      tickArea(
        form,
        unit.code,
        wordsOf(unit, (text) => [text]),
      );
    },
    suggest: async (query, signal) => {
      const answer = await fetch(`${url}?${new URLSearchParams({ q: query })}`, { signal });
      if (!answer.ok) throw new Error(String(answer.status));
      /** @type {{ units: Unit[] }} */
      const { units } = await answer.json();
      return [
        {
          name: "",
          choices: units.map((unit) => ({
            value: unit,
            row: (typed) => [
              el(
                "span",
                {},
                ...wordsOf(unit, (text) => marked(text, typed)),
                unit.detail ? " " : null,
                unit.detail ? el("span", { class: "meta" }, unit.detail) : null,
              ),
            ],
          })),
        },
      ];
    },
  });
}

/**
 * The name of a unit, its part in another language marked as such.
 * @param {Unit} unit
 * @param {(text: string) => (Node | string)[]} write
 * @returns {(Node | string)[]}
 */
function wordsOf({ name, own, own_language }, write) {
  const at = own ? name.lastIndexOf(own) : -1;
  if (!own || at < 0) return write(name);
  const marked = el("bdi", { lang: own_language ?? "" }, ...write(own));
  return [...write(name.slice(0, at)), marked, ...write(name.slice(at + own.length))];
}

/**
 * Tick an area instead of the one before: there is one at a time.
 * @param {HTMLElement} form
 * @param {string} code
 * @param {(Node | string)[]} words
 */
function tickArea(form, code, words) {
  const box = el("input", { type: "checkbox", name: "area", value: code, checked: true });
  const row = el(
    "label",
    { class: "tick", "data-area": "" },
    box,
    el("span", { class: "words" }, ...words),
    " ",
    el("span", { class: "count" }),
  );
  const before = find(form, "[data-area]");
  if (before) before.replaceWith(row);
  else find(form, "[data-units]")?.closest("fieldset")?.querySelector("legend")?.after(row);
  box.focus();
  box.dispatchEvent(new Event("change", { bubbles: true }));
}
