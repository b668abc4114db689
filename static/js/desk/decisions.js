/** The bar of decisions: "turn down" and "ask" lead to a form that is folded up; with script it unfolds, ready to type. */
import { find } from "../dom.js";

/** @param {HTMLElement} desk */
export function openDecisions(desk) {
  desk.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    const target = link && document.getElementById(link.getAttribute("href")?.slice(1) ?? "");
    if (!target?.matches("details")) return;
    event.preventDefault();
    target.setAttribute("open", "");
    target.scrollIntoView({ block: "nearest" });
    find(target, "input:not([type=hidden]), textarea")?.focus();
  });
}
