/**
 * Saving a place where it is read about, without opening its page: a small button in a row of the list and in what opens
 * at a pin. A place that nobody else is to find on this device is not saved. A press puts the place into the list that was used last, the next one takes it out of all of them.
 */
import { el, find, findAll, icon } from "../dom.js";
import { t } from "../i18n.js";
import { toast, toastPlace } from "../toast.js";
import {
  cleanPoint,
  isFull,
  isSaved,
  lastUsed,
  MOST_LISTS,
  MOST_POINTS,
  readLists,
  rememberUsed,
  toggled,
  whenChanged,
  without,
  writeLists,
} from "./store.js";

/** @typedef {import("./store.js").List} List */
/** @typedef {{ id: string, layer: string, name: string, isDiscreet: boolean }} Place */

/**
 * @param {Place} place
 * @param {string} sprite
 * @param {List[]} [lists] as they are now
 */
export function saveButton(place, sprite, lists = readLists()) {
  const button = el(
    "button",
    {
      class: "round save-here",
      type: "button",
      "aria-label": t("Save “%(name)s” in a list", { name: place.name }),
      "aria-pressed": String(isSaved(lists, place.id)),
      "data-save-id": place.id,
    },
    icon(sprite, "bookmark"),
  );
  button.addEventListener("click", () => press(place));
  return button;
}

/** A button in each row that has none.
 * @param {HTMLElement} list with rows `.hit[data-id]`
 * @param {string} sprite
 */
export function addSaveButtons(list, sprite) {
  const lists = readLists();
  for (const row of findAll(list, ".hit[data-id]")) {
    /** @type {HTMLAnchorElement | null} */
    const link = find(row, "h2 a");
    if (!link || find(row, ".save-here")) continue;
    const { id = "", layer = "" } = row.dataset;
    const place = { id, layer, name: link.textContent?.trim() ?? "", isDiscreet: "discreet" in row.dataset };
    row.insertBefore(saveButton(place, sprite, lists), find(row, ".rest"));
  }
}

/** Keep all buttons of the page true.
 * @param {ParentNode} page
 */
export function followSaved(page) {
  toastPlace();
  whenChanged(() => {
    const lists = readLists();
    for (const button of findAll(page, "[data-save-id]"))
      button.setAttribute("aria-pressed", String(isSaved(lists, button.dataset.saveId ?? "")));
  });
}

/** @param {Place} place */
function press(place) {
  const lists = readLists();
  if (isSaved(lists, place.id)) return takeOut(lists, place);
  if (place.isDiscreet)
    return toast(t("Places about violence are not saved, so that nobody finds them on this device."));
  const point = cleanPoint({ ...place, note: "" });
  if (point) putIn(point);
}

/** @param {import("./store.js").Saved} point */
function putIn(point) {
  const known = readLists();
  const lists = known.length ? known : [{ name: "", points: [] }];
  putInto(point, lists, lastUsed(lists));
}

/**
 * Put a point into a list and say so. Of a list that is full it is said that nothing was saved, or where the point stays;
 * the others are offered.
 * @param {import("./store.js").Saved} point
 * @param {List[]} lists without the point
 * @param {number} into
 */
function putInto(point, lists, into) {
  const name = nameOf(lists[into]);
  if (isFull(lists[into])) {
    const at = readLists().findIndex((list) => isSaved([list], point.id));
    const words = { list: name, n: MOST_POINTS, from: nameOf(lists[at]) };
    return toast(
      at < 0
        ? t("Not saved: “%(list)s” is full with %(n)s places.", words)
        : t("Not moved: “%(list)s” is full with %(n)s places. The place stays in “%(from)s”.", words),
      choice(point, lists, at),
    );
  }
  if (!keep(toggled(lists, into, point))) return;
  rememberUsed(into);
  toast(t("Saved in “%(list)s”.", { list: name }), lists.length > 1 && choice(point, lists, into));
}

/**
 * The lists with room to choose from, and a new one where the point is in none yet.
 * @param {import("./store.js").Saved} point
 * @param {List[]} lists
 * @param {number} into where it is; below 0 where it is in none
 */
function choice(point, lists, into) {
  const options = lists.flatMap((list, i) =>
    i === into || !isFull(list) ? [el("option", { value: i, selected: i === into }, nameOf(list))] : [],
  );
  if (into < 0) {
    if (lists.length < MOST_LISTS) options.push(el("option", { value: lists.length }, t("New list")));
    options.unshift(el("option", { value: "", selected: true }, t("Choose another list")));
  }
  const select = el("select", { "aria-label": t("List") }, ...options);
  select.addEventListener("change", () => {
    if (!select.value) return;
    const chosen = Number(select.value);
    const others = without(readLists(), point.id);
    if (!others[chosen]) others.push({ name: `${t("My places")} ${chosen + 1}`, points: [] });
    putInto(point, others, chosen);
    find(document, ".toast select")?.focus();
  });
  return select;
}

/** @param {List[]} lists @param {Place} place */
function takeOut(lists, { id }) {
  const names = lists.filter((list) => isSaved([list], id)).map(nameOf);
  if (!keep(without(lists, id))) return;
  const undo = el("button", { class: "quiet", type: "button" }, t("Undo"));
  undo.addEventListener("click", () => {
    keep(lists);
    toast("");
    // The button that was pressed is gone: on from the one that this is about.
    find(document, `[data-save-id="${id}"]`)?.focus({ preventScroll: true });
  });
  toast(t("Taken out of “%(list)s”.", { list: names.join(", ") }), undo);
}

/** @param {List[]} lists */
function keep(lists) {
  if (writeLists(lists)) return true;
  toast(t("This browser keeps nothing."));
  return false;
}

/** @param {List | undefined} list */
function nameOf(list) {
  return list?.name || t("My places");
}
