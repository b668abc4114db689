/**
 * Forms that were begun and not sent: where to go on with them, and what was typed since the last press of a button. What
 * typed.js keeps goes with its tab; this stays in the browser, so that a closed tab or an empty battery costs no answers.
 *
 * `form[data-begun]` says in words what is being filled in; a form without it is not kept, such as one about help for those
 * who may be watched. `data-discreet` has the codes of that help: once one is ticked, nothing is kept any more.
 */
import { findAll } from "../dom.js";

const KEY = "pomapa-begun";
/** As long as the server keeps the steps of a form (app/forms/drafts.py). */
const KEPT_MS = 6 * 60 * 60 * 1000;
const MOST = 3;
/** What nobody else at this computer is to be offered. */
const NOT_KEPT = new Set(["email"]);

/** @typedef {{ id: string, path: string, at: number, words: string, name: string, kept: string, pairs: [string, string][] }} Begun */

/**
 * What names a form, whatever its step and its language.
 * @param {string} path
 */
export function idOf(path) {
  return path.replace(/^\/[a-z]{2}\//, "").replace(/\/\d$/, "");
}

/**
 * The forms that can be gone on with, the newest first.
 * @param {Storage} [storage]
 * @returns {Begun[]}
 */
export function begunForms(storage) {
  try {
    const kept = JSON.parse((storage ?? localStorage).getItem(KEY) ?? "[]");
    const [oldest, now] = [Date.now() - KEPT_MS, Date.now()];
    return kept.filter((/** @type {Begun} */ one) => one.at > oldest && one.at <= now && Array.isArray(one.pairs));
  } catch {
    return []; // A browser that keeps nothing, or something that is not ours.
  }
}

/**
 * Keep what stands in a form; of a form that is not to be kept, forget what there is.
 * @param {HTMLFormElement} form
 * @param {[string, string][]} pairs
 * @param {string} [path]
 * @param {Storage} [storage]
 */
export function rememberBegun(form, pairs, path = location.pathname, storage) {
  const id = idOf(path);
  const others = begunForms(storage).filter((one) => one.id !== id);
  const { begun: words, kept = "", name = "" } = form.dataset;
  if (!words || isDiscreet(form)) return keep(others, storage);
  const seen = pairs.filter(([input]) => !NOT_KEPT.has(input) && !isHidden(form, input));
  const named = pairs.find(([input]) => input === "name")?.[1] ?? name;
  keep([{ id, path, at: Date.now(), words, name: named, kept, pairs: seen }, ...others].slice(0, MOST), storage);
}

/**
 * @param {string} id
 * @param {Storage} [storage]
 */
export function forgetBegun(id, storage) {
  const all = begunForms(storage);
  keep(
    all.filter((one) => one.id !== id),
    storage,
  );
}

/** @param {Begun[]} forms @param {Storage} [storage] */
function keep(forms, storage) {
  try {
    const place = storage ?? localStorage;
    if (forms.length) place.setItem(KEY, JSON.stringify(forms));
    else place.removeItem(KEY);
  } catch {
    // Full, or forbidden: then the tab alone keeps it.
  }
}

/** @param {HTMLFormElement} form */
function isDiscreet(form) {
  const codes = (form.dataset.discreet ?? "").split(" ");
  return findAll(form, 'input[name="services"]:checked').some((tick) =>
    codes.includes(/** @type {HTMLInputElement} */ (tick).value),
  );
}

/**
 * What belongs to another answer than the one that was chosen, such as the street of a place that is to stay hidden.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function isHidden(form, name) {
  const control = findAll(form, "[name]").find((one) => one.getAttribute("name") === name);
  return Boolean(control?.closest("[data-shown-when][hidden]"));
}
