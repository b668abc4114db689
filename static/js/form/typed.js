/**
 * What is typed and not sent yet outlives reload, Back and Forward, with the rows that script has added. It stays in the
 * browser, in the history entry of the step, which goes with the tab; begun.js keeps it beyond that.
 *
 * `form[data-kept]` names what the server knows of the form: when that has changed since, it knows better.
 */
import { find, findAll } from "../dom.js";
import { begunForms, forgetBegun, idOf, rememberBegun } from "./begun.js";
import { addSpan } from "./hours.js";
import { numbered } from "./rows.js";

const SAVE_AFTER_MS = 200;

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */
/** @typedef {{ kept: string, pairs: [string, string][] }} Typed */

/**
 * Puts back what was typed here, and keeps from now on what is typed.
 * @param {HTMLFormElement} form
 * @param {History} [entries]
 */
export function keepTyped(form, entries = history) {
  const kept = form.dataset.kept ?? "";
  /** @type {Typed | undefined} */
  const typed = entries.state?.typed ?? begunHere(form);
  if (typed?.kept === kept) putBack(form, typed.pairs);
  const save = () => {
    const pairs = pairsOf(form);
    entries.replaceState({ ...entries.state, typed: { kept, pairs } }, "");
    if (isKept(form)) rememberBegun(form, pairs);
  };
  // A step that was pressed through is begun, whatever is typed on the next one.
  if (isKept(form) && kept) rememberBegun(form, pairsOf(form));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", save);
  form.addEventListener("click", soon);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    save();
    const pressed = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (isKept(form) && pressed?.value === "send") forgetBegun(idOf(location.pathname));
  });
}

/** @param {HTMLFormElement} form */
function isKept(form) {
  return form.dataset.begun !== undefined;
}

/**
 * What was typed at this very step in a tab that is gone. Where a page is the same for everybody, it is offered instead.
 * @param {HTMLFormElement} form
 * @returns {Typed | undefined}
 */
function begunHere(form) {
  if (!isKept(form) || form.dataset.draft === undefined) return undefined;
  return begunForms().find(
    ({ path }) => idOf(path) === idOf(location.pathname) && path.at(-1) === location.pathname.at(-1),
  );
}

/**
 * Name and text of each field that a person fills in.
 * @param {HTMLFormElement} form
 * @returns {[string, string][]}
 */
export function pairsOf(form) {
  return controlsOf(form)
    .filter((control) => !isChoice(control) || control.checked)
    .map((control) => [control.name, control.value]);
}

/**
 * @param {HTMLFormElement} form
 * @param {[string, string][]} pairs
 */
export function putBack(form, pairs) {
  for (const [name] of pairs) addRowOf(form, name);
  const there = new Set(pairs.map(([name, text]) => `${name}\n${text}`));
  const texts = new Map(pairs);
  for (const control of controlsOf(form)) {
    if (isChoice(control)) {
      const checked = there.has(`${control.name}\n${control.value}`);
      // What was ticked must be seen, also where the answers are folded.
      const fold = control.closest("details");
      if (fold && checked && !control.checked) fold.open = true;
      control.checked = checked;
    } else {
      const text = texts.get(control.name);
      if (text !== undefined) control.value = text;
    }
  }
}

/** @param {HTMLFormElement} form @param {string} name of an input whose row or pair of times may not be there */
function addRowOf(form, name) {
  if (controlsOf(form).some((control) => control.name === name)) return;
  for (const repeat of findAll(form, "[data-repeat]")) {
    const [, number] = name.startsWith(`${repeat.dataset.repeat}.`)
      ? (/^(\d{1,2})\./.exec(name.slice((repeat.dataset.repeat ?? "").length + 1)) ?? [])
      : [];
    const template = /** @type {HTMLTemplateElement | null} */ (find(repeat, "template"));
    if (number && template) {
      const row = numbered(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), number);
      find(repeat, "[data-rows]")?.append(row);
    }
  }
  for (const hours of findAll(form, "[data-hours]")) {
    const [, day, span] = /^(\d)\.(\d)\.\w+$/.exec(name.slice((hours.dataset.hours ?? "").length + 1)) ?? [];
    const element = name.startsWith(`${hours.dataset.hours}.`) && find(hours, `.day[data-day="${day}"]`);
    while (element && findAll(element, "[data-span]").length <= Number(span) && addSpan(element));
  }
}

/** @param {HTMLFormElement} form @returns {Control[]} */
function controlsOf(form) {
  const all = /** @type {Control[]} */ (findAll(form, "input[name], select[name], textarea[name]"));
  return all.filter((control) => control.type !== "hidden" && control.type !== "file");
}

/** @param {Control} control @returns {control is HTMLInputElement} */
function isChoice(control) {
  return control.type === "checkbox" || control.type === "radio";
}
