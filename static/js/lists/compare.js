/**
 * Which places of a list are compared side by side: all of a short one at one press, of a longer one those that are
 * ticked. What is ticked is known while the page is open, whatever else is done on it, and to whoever comes back to it.
 */
import { el, find } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {import("./store.js").Saved} Saved */

/** More columns do not fit on a sheet. */
const MOST = 4;
const LEAST = 2;

/** Of the list at an index: the ids that are ticked, and whether the choice is open. @type {Map<number, { open: boolean, ids: Set<string> }>} */
const choices = new Map(history.state?.compared);

/** Call this when lists are no longer where they were. */
export function forgetChoices() {
  choices.clear();
  remember();
}

/** In the entry of the history, which is this tab's: not every browser keeps a page that is left as it was. */
function remember() {
  history.replaceState({ ...history.state, compared: [...choices] }, "");
}

/**
 * @param {readonly Saved[]} points of a list, in its order
 * @param {number} index of the list
 * @param {readonly Promise<HTMLElement | null>[]} parts of each point the row of the server, `null` where it is not on the
 *   map any more
 * @param {string} lang
 * @returns {HTMLElement | false} `false` where there is nothing to compare
 */
export function comparison(points, index, parts, lang) {
  if (points.length < LEAST) return false;
  if (points.length > MOST) return choice(points, index, parts, `/${lang}/compare`);
  const href = `/${lang}/compare?ids=${points.map(({ id }) => id)}`;
  return el("a", { class: "button second", href }, t("Compare these places"));
}

/** @param {readonly Saved[]} points @param {number} index @param {readonly Promise<HTMLElement | null>[]} parts @param {string} action */
function choice(points, index, parts, action) {
  const before = choices.get(index);
  const ids = new Set(points.map(({ id }) => id).filter((id) => before?.ids.has(id)));
  const kept = { open: Boolean(before?.open), ids };
  choices.set(index, kept);

  const status = el("p", { role: "status" });
  const field = el("input", { type: "hidden", name: "ids" });
  const show = (words = "") => {
    status.textContent = words || t("Chosen: %(n)s of %(most)s", { n: ids.size, most: MOST });
    field.value = String(points.map(({ id }) => id).filter((id) => ids.has(id)));
  };
  const ticks = points.map(({ id, name }, i) => {
    const tick = el("input", { type: "checkbox", checked: ids.has(id) });
    const words = el("span", { class: "words" }, el("bdi", {}, name || t("Place")));
    const row = el("label", { class: "tick" }, tick, words);
    tick.addEventListener("change", () => {
      if (!tick.checked) ids.delete(id);
      else if (ids.size < MOST) ids.add(id);
      else {
        tick.checked = false;
        return show(t("More than %(n)s cannot be compared. Untick one first.", { n: MOST }));
      }
      remember();
      show();
    });
    parts[i]?.then(
      (part) => {
        if (part) return callBy(part, words);
        row.remove();
        if (ids.delete(id)) show();
      },
      () => {}, // Without a network the name that is kept here stays.
    );
    return row;
  });
  const form = el(
    "form",
    { action },
    el(
      "fieldset",
      {},
      el("legend", {}, t("Tick %(least)s to %(most)s places.", { least: LEAST, most: MOST })),
      ...ticks,
    ),
    field,
    el("div", { class: "compare-now" }, el("button", { class: "button", type: "submit" }, t("Compare")), status),
  );
  form.addEventListener("submit", (event) => {
    if (ids.size >= LEAST) return;
    event.preventDefault();
    show(t("Tick at least %(n)s places.", { n: LEAST }));
    find(form, "[type=checkbox]:not(:checked)")?.focus();
  });
  const box = el(
    "details",
    { class: "compare-choice", open: kept.open },
    el("summary", { class: "button second" }, t("Choose places to compare")),
    form,
  );
  box.addEventListener("toggle", () => {
    if (kept.open === box.open) return;
    kept.open = box.open;
    remember();
  });
  show();
  return box;
}

/** Say of a place what its row does: its name, and what tells it from another of the same name.
 * @param {HTMLElement} part
 * @param {HTMLElement} words
 */
function callBy(part, words) {
  const name = find(part, "bdi");
  const meta = find(part, ".meta");
  if (name) words.replaceChildren(name.cloneNode(true), meta?.cloneNode(true) ?? "");
}
