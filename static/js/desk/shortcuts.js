/**
 * Keys of the desk. Off until a moderator turns them on, because single letters get in the way of dictation and screen
 * readers; the choice stays on the device. `[data-key="a"]` is what the key does: it is clicked, or followed.
 */
import { el, findAll } from "../dom.js";
import { t } from "../i18n.js";

const STORED = "pomapa.desk.shortcuts";

/**
 * @param {HTMLElement} page
 * @param {Storage} [storage]
 */
export function offerShortcuts(page, storage = localStorage) {
  const toggles = findAll(page, "[data-shortcuts]");
  let on = storage.getItem(STORED) === "on";

  const show = () => {
    for (const toggle of toggles) {
      toggle.hidden = false;
      toggle.setAttribute("aria-pressed", String(on));
      toggle.textContent = on ? t("Turn keyboard shortcuts off") : t("Turn keyboard shortcuts on");
    }
    for (const target of findAll(page, "[data-key]")) {
      target.querySelector("kbd")?.remove();
      if (on) {
        target.append(" ", el("kbd", { "aria-hidden": "true" }, target.dataset.key));
        target.setAttribute("aria-keyshortcuts", target.dataset.key ?? "");
      } else target.removeAttribute("aria-keyshortcuts");
    }
  };

  for (const toggle of toggles) {
    toggle.addEventListener("click", (event) => {
      event.preventDefault();
      on = !on;
      storage.setItem(STORED, on ? "on" : "off");
      show();
    });
  }
  page.ownerDocument.addEventListener("keydown", (event) => {
    // A key that is held repeats itself into the next page, whose submission nobody has read.
    if (!on || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const target = findAll(page, "[data-key]").find(({ dataset }) => dataset.key === event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.click();
  });
  show();
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof Element && target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
}
