/**
 * What is wrong with a field, said when it is left, and taken back as soon as it is right: the server reads the answers as it
 * will when they are sent.
 *
 * `form[data-still-wrong-url]` gives the messages of all fields, each as `#FIELD-error`; only those of fields that somebody has
 * left are shown. `[data-still-wrong]` in the form tells them to whoever does not see them.
 */
import { find } from "../dom.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

const ASKED_AFTER_MS = 500;

/** @param {HTMLFormElement} form */
export function tellWrong(form) {
  const url = form.dataset.stillWrongUrl;
  if (!url) return;
  /** @type {Set<Control>} */
  const left = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | undefined} */
  let asking;
  const ask = async () => {
    clearTimeout(timer);
    asking?.abort();
    asking = new AbortController();
    const answers = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") answers.append(name, value);
    try {
      const answer = await fetch(url, { method: "POST", body: answers, signal: asking.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = [...left]
        .map((control) => tell(control, page.getElementById(`${control.id}-error`)))
        .filter(Boolean);
      const place = find(form, "[data-still-wrong]");
      if (place && told.length) place.textContent = told.join(" ");
    } catch {
      // What was said stays; sending the form tells what is wrong.
    }
  };
  form.addEventListener("change", (event) => {
    const control = controlOf(event);
    if (!control) return;
    left.add(control);
    ask();
  });
  form.addEventListener("input", (event) => {
    const control = controlOf(event);
    if (!control?.classList.contains("bad")) return;
    left.add(control);
    clearTimeout(timer);
    timer = setTimeout(ask, ASKED_AFTER_MS);
  });
}

/** @param {Event} event @returns {Control | undefined} what was typed into, where a message has its place */
function controlOf({ target }) {
  const isTyped = target instanceof HTMLElement && target.matches("input[id], select[id], textarea[id]");
  const control = /** @type {Control} */ (target);
  return isTyped && !["checkbox", "radio", "file"].includes(control.type) && control.closest(".field")
    ? control
    : undefined;
}

/**
 * @param {Control} control
 * @param {HTMLElement | null} message of the server
 * @returns {string} what is new, with the field's name
 */
function tell(control, message) {
  const field = control.closest(".field");
  const id = `${control.id}-error`;
  const before = find(document, `#${CSS.escape(id)}`);
  // Whoever passes by a field has not forgotten it: what is missing is said when the form is sent.
  if (!before && !control.value.trim()) return "";
  const words = message?.textContent?.trim() ?? "";
  if (words === (before?.textContent?.trim() ?? "")) return "";
  before?.remove();
  field?.classList.toggle("wrong", !!message);
  control.classList.toggle("bad", !!message);
  const described = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  if (message) {
    control.before(document.importNode(message, true));
    control.setAttribute("aria-invalid", "true");
    described.push(id);
  } else {
    control.removeAttribute("aria-invalid");
  }
  if (described.length) control.setAttribute("aria-describedby", described.join(" "));
  else control.removeAttribute("aria-describedby");
  return words && `${control.labels?.[0]?.textContent?.trim() ?? ""}: ${words}`;
}
