/** Something small that was done, said at the lower edge for a while, with one thing to do about it. */
import { el } from "./dom.js";

const SHOWN_MS = 10_000;

/** @type {HTMLElement | undefined} */
let place;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Where it is said; asked for before there is anything to say, because of what has only just come nothing is heard. */
export function toastPlace() {
  place ??= document.body.appendChild(el("div", { class: "toast-place no-print", role: "status" }));
  return place;
}

/**
 * @param {string} words nothing to take the last ones away
 * @param {HTMLElement | false} [act]
 */
export function toast(words, act) {
  const held = toastPlace();
  clearTimeout(timer);
  held.replaceChildren(...(words ? [el("p", { class: "toast" }, el("span", {}, words), act)] : []));
  timer = setTimeout(function leave() {
    // Not from under the finger or the focus of somebody.
    if (held.matches(":hover, :focus-within")) timer = setTimeout(leave, SHOWN_MS);
    else held.replaceChildren();
  }, SHOWN_MS);
}
