/** The field of the panel in which somebody types a gmina, a powiat or a voivodeship: suggestions of units. */
import { combobox, marked } from "../combobox.js";
import { el, find } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {{ code: string, name: string, detail: string }} Unit */

/**
 * @param {HTMLElement} form
 * @param {{ url: string, take: (unit: Unit) => void }} wishes
 */
export function enhanceArea(form, { url, take }) {
  const input = /** @type {HTMLInputElement | null} */ (find(form, "[data-units]"));
  const list = input && find(/** @type {HTMLElement} */ (input.parentElement), ".suggest");
  if (!input || !list || !url) return;
  combobox(input, {
    list,
    label: t("Suggestions"),
    take: (unit) => {
      input.value = "";
      take(unit);
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
                ...marked(unit.name, typed),
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
