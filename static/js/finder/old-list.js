/** Said in the list that could not be replaced: it is still the one of before. The next one takes its place, and this goes. */
import { el, find } from "../dom.js";
import { t } from "../i18n.js";

/**
 * In the head of the list, which stays in sight however far somebody has read.
 * @param {HTMLElement} list
 * @param {() => void} again
 * @returns {string} what is said, to be heard too
 */
export function sayOld(list, again) {
  const words = t("You see the places of the question before. The new ones could not be loaded.");
  // Whoever has pressed its button and had no luck keeps it under the finger.
  if (!find(list, ".strip")) {
    const button = el("button", { class: "quiet", type: "button", onclick: again }, t("Try again"));
    (find(list, ".sheet-head") ?? list).append(el("p", { class: "strip" }, el("span", {}, words), button));
  }
  return words;
}
