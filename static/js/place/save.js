/**
 * Saving a place into a list of this browser. `[data-save]` (a `details` that waits for script) gives `data-layer`, `data-id`
 * and `data-name`; in it `[data-save-lists]` takes a tick box for each list, `[data-save-new]` is the form of a new list.
 * `data-first` names the list that is there when none is; `data-saved` says that a new list has the place (`%(list)s` is its name), `data-failed` says that the browser keeps nothing, `data-full`
 * that a list takes no place more. `[data-save-most]` says so of the lists, in place of the form.
 */
import { awaken, el, find, findAll } from "../dom.js";
import {
  cleanPoint,
  isFull,
  isSaved,
  MOST_LISTS,
  readLists,
  rememberUsed,
  toggled,
  whenChanged,
  writeLists,
} from "../lists/store.js";

/** Of one place at a time: of those that were read before in the same page nothing is left. */
let show = () => {};
whenChanged(() => show());

/** @param {ParentNode} page */
export function enhanceSave(page) {
  const box = find(page, "[data-save]");
  const choices = box && find(box, "[data-save-lists]");
  const form = /** @type {HTMLFormElement | null} */ (box && find(box, "[data-save-new]"));
  const most = box && find(box, "[data-save-most]");
  const point = box && cleanPoint({ ...box.dataset, note: "" });
  if (!box || !choices || !form || !point) return;
  awaken(box);
  const known = () => {
    const lists = readLists();
    return lists.length ? lists : [{ name: box.dataset.first ?? "", points: [] }];
  };
  show = () => {
    const lists = known();
    box.classList.toggle("on", isSaved(lists, point.id));
    const focused = findAll(choices, "input").findIndex((tick) => tick === document.activeElement);
    choices.replaceChildren(
      ...lists.map((list, i) => {
        const tick = el("input", { type: "checkbox", checked: list.points.some(({ id }) => id === point.id) });
        tick.addEventListener("change", () => {
          const now = known();
          if (tick.checked && isFull(now[i])) {
            tick.checked = false;
            return say(box.dataset.full);
          }
          if (tick.checked) rememberUsed(i);
          keep(toggled(now, i, point));
        });
        return el("label", { class: "check" }, tick, el("span", {}, list.name || (box.dataset.first ?? "")));
      }),
    );
    findAll(choices, "input")[focused]?.focus();
    form.hidden = lists.length >= MOST_LISTS;
    if (most) most.hidden = !form.hidden;
  };
  /** @param {string} [words] */
  const say = (words = "") => {
    const status = find(page, "[data-tools-status]");
    if (status) status.textContent = words;
  };
  /** @param {import("../lists/store.js").List[]} lists @param {string} [words] for what no tick box says by itself */
  const keep = (lists, words) => {
    if (writeLists(lists)) return say(words);
    say(box.dataset.failed);
    show();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.querySelector("input");
    if (!field?.value.trim()) return field?.focus();
    // Another tab may have made the last one.
    if (readLists().length >= MOST_LISTS) return show();
    rememberUsed(readLists().length);
    const words = box.dataset.saved?.replace("%(list)s", () => field.value.trim());
    keep([...readLists(), { name: field.value, points: [point] }], words);
    field.value = "";
  });
  show();
}
