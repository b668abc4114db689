/**
 * Saving a place where it is read about, without opening its page: a small button in a row of the list and in what opens
 * at a pin. A place that nobody else is to find on this device is not saved. A press puts the place into the list that was used last, the next one takes it out of all of them.
 */
import { el, find, findAll, icon } from "../dom.js";
import { t } from "../i18n.js";
import { toast } from "../toast.js";
import {
  cleanPoint,
  isSaved,
  lastUsed,
  readLists,
  rememberUsed,
  toggled,
  whenChanged,
  without,
  writeLists,
} from "./store.js";

/** @typedef {import("./store.js").List} List */
/** @typedef {{ id: string, layer: string, name: string, isDiscreet: boolean }} Place */

/** @param {Place} place @param {string} sprite */
export function saveButton(place, sprite) {
  const button = el(
    "button",
    {
      class: "round save-here",
      type: "button",
      "aria-label": t("Save “%(name)s” in a list", { name: place.name }),
      "aria-pressed": String(isSaved(readLists(), place.id)),
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
  for (const row of findAll(list, ".hit[data-id]")) {
    /** @type {HTMLAnchorElement | null} */
    const link = find(row, "h2 a");
    if (!link || find(row, ".save-here")) continue;
    const { id = "", layer = "" } = row.dataset;
    const place = { id, layer, name: link.textContent?.trim() ?? "", isDiscreet: "discreet" in row.dataset };
    row.insertBefore(saveButton(place, sprite), find(row, ".rest"));
  }
}

/** Keep all buttons of the page true.
 * @param {ParentNode} page
 */
export function followSaved(page) {
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
  const into = lastUsed(lists);
  if (!keep(toggled(lists, into, point))) return;
  toast(t("Saved in “%(list)s”.", { list: nameOf(lists[into]) }), lists.length > 1 && choice(point, into));
}

/** The lists to choose from, where there are several.
 * @param {import("./store.js").Saved} point
 * @param {number} into
 */
function choice(point, into) {
  const select = el(
    "select",
    { "aria-label": t("List") },
    ...readLists().map((list, i) => el("option", { value: i, selected: i === into }, nameOf(list))),
  );
  select.addEventListener("change", () => {
    rememberUsed(select.selectedIndex);
    keep(toggled(without(readLists(), point.id), select.selectedIndex, point));
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
