/**
 * The page of a planned day. `[data-day-near]` (hidden without script) holds the button that puts the visitor's position
 * into the form; nothing is sent before the form is. `[data-print]` prints the plan.
 */
import { find } from "./dom.js";
import { whereAmI } from "./finder/locate.js";
import { enhanceExit } from "./leave.js";
import { enhancePrint } from "./place/tools.js";

const box = find(document, "[data-day-near]");
const form = /** @type {HTMLFormElement | null} */ (find(document, ".day-form"));
const near = /** @type {HTMLInputElement | null} */ (find(document, 'input[name="near"]'));
const from = /** @type {HTMLInputElement | null} */ (find(document, "#from"));
const status = box && find(box, "[role=status]");

if (box && form && near && from && status) {
  box.hidden = false;
  find(box, "button")?.addEventListener("click", async () => {
    try {
      const { position } = await whereAmI();
      // Some ten metres: no nearer than a way on foot needs.
      near.value = position.map((degrees) => degrees.toFixed(4)).join(",");
      near.disabled = false;
      from.value = "";
      status.textContent = status.dataset.done ?? "";
    } catch {
      status.textContent = status.dataset.failed ?? "";
      from.focus();
    }
  });
  // Who writes a town means the town.
  from.addEventListener("input", () => {
    near.disabled = from.value.trim() !== "";
    if (near.disabled) status.textContent = "";
  });
  // An address without empty fields is one that can be read and passed on.
  form.addEventListener("submit", () => {
    for (const select of form.querySelectorAll("select")) select.disabled = select.value === "";
  });
  addEventListener("pageshow", () => {
    for (const select of form.querySelectorAll("select")) select.disabled = false;
  });
}
// The form leads to the heading; what has to be put right stands below it.
const faults = find(document, ".error-box");
if (faults && ["", "answer"].includes(document.activeElement?.id ?? "")) faults.focus();
enhancePrint(document);
enhanceExit(document);
