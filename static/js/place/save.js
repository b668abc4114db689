/**
 * Saving a place into a list of this browser. `[data-save]` (a `details` that waits for script) gives `data-layer`, `data-id`
 * and `data-name`; in it `[data-save-lists]` takes a tick box for each list, `[data-save-new]` is the form of a new list.
 * `data-first` names the list that is there when none is; `data-failed` says that the browser keeps nothing.
 */
import { awaken, el, find } from "../dom.js";
import {
  cleanPoint,
  isSaved,
  MOST_LISTS,
  readLists,
  rememberUsed,
  toggled,
  whenChanged,
  writeLists,
} from "../lists/store.js";

/** @param {Document} page */
export function enhanceSave(page) {
  const box = find(page, "[data-save]");
  const choices = box && find(box, "[data-save-lists]");
  const form = /** @type {HTMLFormElement | null} */ (box && find(box, "[data-save-new]"));
  const point = box && cleanPoint({ ...box.dataset, note: "" });
  if (!box || !choices || !form || !point) return;
  awaken(box);
  const known = () => {
    const lists = readLists();
    return lists.length ? lists : [{ name: box.dataset.first ?? "", points: [] }];
  };
  const show = () => {
    const lists = known();
    box.classList.toggle("on", isSaved(lists, point.id));
    choices.replaceChildren(
      ...lists.map((list, i) => {
        const tick = el("input", { type: "checkbox", checked: list.points.some(({ id }) => id === point.id) });
        tick.addEventListener("change", () => {
          if (tick.checked) rememberUsed(i);
          keep(toggled(known(), i, point));
        });
        return el("label", { class: "check" }, tick, el("span", {}, list.name || (box.dataset.first ?? "")));
      }),
    );
    form.hidden = lists.length >= MOST_LISTS;
  };
  /** @param {import("../lists/store.js").List[]} lists */
  const keep = (lists) => {
    const status = find(page, "[data-tools-status]");
    if (writeLists(lists)) return;
    if (status) status.textContent = box.dataset.failed ?? "";
    show();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.querySelector("input");
    if (!field?.value.trim()) return field?.focus();
    rememberUsed(readLists().length);
    keep([...readLists(), { name: field.value, points: [point] }]);
    field.value = "";
  });
  whenChanged(show);
  show();
}
