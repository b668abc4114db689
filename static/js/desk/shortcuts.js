/**
 * Keys of the desk. Off until a moderator turns them on, because single letters get in the way of dictation and screen
 * readers. `[data-key="a"]` is what an act does: it is clicked, or followed. `[data-shortcuts]` (buttons, hidden without
 * script) open the help, which says what each key does, gives acts other keys, and turns all of it on and off.
 */
import { el, findAll } from "../dom.js";
import { t } from "../i18n.js";
import { HELP, Keys } from "./keys.js";

/**
 * @param {HTMLElement} page
 * @param {Storage} [storage]
 */
export function offerShortcuts(page, storage = localStorage) {
  const keys = new Keys(storage);
  const openers = findAll(page, "[data-shortcuts]");
  const show = () => {
    for (const target of findAll(page, "[data-key]")) {
      target.querySelector("kbd")?.remove();
      const key = keys.of(target.dataset.key ?? "");
      if (keys.on) {
        target.append(" ", el("kbd", { "aria-hidden": "true" }, key));
        target.setAttribute("aria-keyshortcuts", key);
      } else target.removeAttribute("aria-keyshortcuts");
    }
  };
  const help = helpOf(keys, show);
  if (openers.length) page.append(help);
  for (const opener of openers) {
    opener.hidden = false;
    opener.textContent = t("Keyboard");
    opener.setAttribute("aria-haspopup", "dialog");
    opener.addEventListener("click", () => help.showModal());
  }
  page.ownerDocument.addEventListener("keydown", (event) => {
    // A key that is held repeats itself into the next page, whose submission nobody has read.
    if (!keys.on || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (help.open || isTyping(event.target)) return;
    if (event.key === HELP && openers.length) {
      event.preventDefault();
      help.showModal();
      return;
    }
    const key = event.key.toLowerCase();
    const target = findAll(page, "[data-key]").find(({ dataset }) => keys.of(dataset.key ?? "") === key);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.click();
  });
  show();
}

/**
 * The help. Every act of the desk stands in it, those too that this page has not.
 * @param {Keys} keys
 * @param {() => void} changed what shows the keys on the page
 */
function helpOf(keys, changed) {
  /** @type {[act: string, words: string][]} */
  const acts = [
    ["p", t("Publish")],
    ["c", t("Checked…")],
    ["e", t("Correct…")],
    ["a", t("Ask")],
    ["r", t("Turn down…")],
    ["s", t("It is spam")],
    ["t", t("Make it a change of this one")],
    ["o", t("Ask for a second pair of eyes")],
    ["x", t("The next step of a report")],
    ["d", t("Resolve a report")],
    ["n", t("The next one in the queue")],
    ["z", t("Undo")],
  ];
  const said = el("p", { class: "meta", role: "status" });
  const toggle = el("button", { class: "button", type: "button" });
  const rows = acts.map(([act, words]) => {
    const field = el("input", {
      class: "input key",
      id: `key-${act}`,
      maxlength: 1,
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
    });
    field.addEventListener("focus", () => field.select());
    field.addEventListener("input", () => {
      if (!field.value) return;
      const all = acts.map(([one]) => one);
      const taken = !keys.choose(act, field.value, all);
      said.textContent = taken
        ? t("This key does something else already. Choose another one.")
        : t("%(key)s: %(act)s", { key: keys.of(act), act: words });
      if (!taken) changed();
      field.value = keys.of(act);
      field.select();
    });
    field.addEventListener("blur", () => {
      field.value = keys.of(act);
    });
    return { act, field, row: el("div", { class: "key-row" }, el("label", { for: field.id }, words), field) };
  });
  const show = () => {
    toggle.setAttribute("aria-pressed", String(keys.on));
    toggle.textContent = keys.on ? t("Turn keyboard shortcuts off") : t("Turn keyboard shortcuts on");
    for (const { act, field } of rows) field.value = keys.of(act);
    changed();
  };
  toggle.addEventListener("click", () => {
    keys.turn(!keys.on);
    show();
  });
  const reset = el("button", { class: "button second", type: "button" }, t("The first keys again"));
  reset.addEventListener("click", () => {
    keys.reset();
    said.textContent = "";
    show();
  });
  const close = el("button", { class: "button second", type: "button" }, t("Close"));
  const help = el(
    "dialog",
    { class: "keys-help", "aria-labelledby": "keys-head" },
    el("h2", { id: "keys-head" }, t("Keyboard")),
    el(
      "p",
      {},
      t(
        "Single keys do nothing until you turn them on: they get in the way of screen readers and of dictation. What you choose stays in this browser.",
      ),
    ),
    el("p", {}, toggle),
    el(
      "div",
      { class: "key-rows" },
      ...rows.map(({ row }) => row),
      el("p", { class: "key-row" }, t("This help"), el("kbd", {}, HELP)),
      el("p", { class: "key-row" }, t("Send what you write"), el("kbd", {}, "Ctrl Enter")),
    ),
    said,
    el("p", { class: "pair" }, close, reset),
  );
  close.addEventListener("click", () => help.close());
  show();
  return help;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof Element && target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
}
