/** Lists as elements: one's own with everything to be done with them, and one that somebody shares. */
import { el, icon } from "../dom.js";
import { t, tn } from "../i18n.js";
import { offer } from "../place/tools.js";
import { comparison, forgetChoices } from "./compare.js";
import { fragmentOf } from "./link.js";
import { partOf } from "./rows.js";
import { forgetName, MOST_LISTS, moved, readLists, writeLists } from "./store.js";

/** @typedef {{ lang: string, sprite: string, changed: (words?: string) => void }} Options */
/** @typedef {import("./store.js").List} List */
/** @typedef {import("./store.js").Saved} Saved */

/**
 * @param {List[]} lists
 * @param {Options} options
 * @returns {HTMLElement[]}
 */
export function ownView(lists, options) {
  if (!lists.length)
    return [
      el("p", {}, t("Nothing is saved yet. Open a place and choose “Save”.")),
      el("p", {}, el("a", { class: "button second", href: `/${options.lang}/` }, t("Go to the map"))),
    ];
  return lists.map((list, index) => ownList(list, index, options));
}

/** @param {List} list @param {number} index @param {Options} options */
function ownList(list, index, options) {
  const { lang, sprite, changed } = options;
  /** @param {(lists: List[]) => List[]} change @param {string} [words] */
  const keep = (change, words = "") =>
    changed(writeLists(change(readLists())) ? words : t("This browser keeps nothing."));
  /** @param {(list: List) => List} change @param {string} [words] */
  const keepThis = (change, words) => keep((all) => all.map((one, i) => (i === index ? change(one) : one)), words);
  const name = list.name || t("My places");
  const field = el("input", { value: list.name, maxlength: 80, "aria-label": t("Name of the list") });
  field.addEventListener("change", () => keepThis((one) => ({ ...one, name: field.value }), t("Saved")));
  const shown = list.points.map((point) => shownPoint(point, lang));
  const rows = list.points.map((point, i) => {
    const { row } = /** @type {ReturnType<typeof shownPoint>} */ (shown[i]);
    const note = el("input", { value: point.note, maxlength: 300 });
    note.addEventListener("change", () =>
      keepThis(
        (one) => ({ ...one, points: one.points.map((p) => (p.id === point.id ? { ...p, note: note.value } : p)) }),
        t("Saved"),
      ),
    );
    /** @param {string} sign @param {string} words @param {() => void} act */
    const small = (sign, words, act) =>
      el("button", { class: "round bare", type: "button", "aria-label": words, click: act }, icon(sprite, sign));
    row.append(
      el(
        "div",
        { class: "list-row-acts no-print" },
        el(
          "label",
          {},
          el(
            "span",
            { class: "meta" },
            t("Note, only for you"),
            el("span", { class: "hush" }, `: ${point.name || t("Place")}`),
          ),
          note,
        ),
        i > 0 &&
          small("chevron-down", t("Move up: %(name)s", { name: point.name || t("Place") }), () =>
            keepThis((one) => ({ ...one, points: moved(one.points, i, -1) })),
          ),
        small("trash-2", t("Take out: %(name)s", { name: point.name || t("Place") }), () =>
          keepThis((one) => ({ ...one, points: one.points.filter(({ id }) => id !== point.id) }), t("Taken out")),
        ),
      ),
    );
    row.querySelector(".icon use[href$='chevron-down']")?.parentElement?.classList.add("upside-down");
    return row;
  });
  const share = async () => {
    const words = await offer(
      name,
      location.origin + location.pathname + fragmentOf({ ...list, name }),
      t("The address is copied. Paste it where you like."),
    );
    changed(words);
  };
  return el(
    "section",
    { class: "slab", "aria-label": name },
    el("h2", {}, name),
    el(
      "div",
      { class: "table-acts no-print" },
      el(
        "button",
        { class: "button second", type: "button", click: share },
        icon(sprite, "share-2"),
        t("Share the list"),
      ),
      el(
        "a",
        { class: "button second", href: `/${lang}/slips${fragmentOf({ ...list, name: "" })}` },
        icon(sprite, "printer"),
        t("Print slips"),
      ),
      comparison(
        list.points,
        index,
        shown.map(({ part }) => part),
        lang,
      ),
    ),
    el("ul", { class: "saved" }, ...rows),
    el(
      "div",
      { class: "table-acts no-print" },
      el("label", { class: "list-name" }, el("span", {}, t("Name of the list")), field),
      el(
        "button",
        {
          class: "button second",
          type: "button",
          click: () => {
            if (!confirm(t("Delete the list “%(name)s”?", { name }))) return;
            forgetChoices();
            keep((all) => all.filter((_, i) => i !== index), t("Deleted"));
          },
        },
        icon(sprite, "trash-2"),
        t("Delete the list"),
      ),
    ),
  );
}

/**
 * A list that somebody shares. Kept of it are the places that may be found on this device; which these are the server
 * says, so that nothing is kept before it has.
 * @param {List} list
 * @param {Options} options
 * @returns {HTMLElement[]}
 */
export function sharedView(list, { lang, changed }) {
  const shown = list.points.map((point) => shownPoint(point, lang));
  const keep = async () => {
    const lists = readLists();
    if (lists.length >= MOST_LISTS)
      return changed(t("There are %(n)s lists already. Delete one first.", { n: MOST_LISTS }));
    const known = await Promise.allSettled(shown.map(({ isDiscreet }) => isDiscreet));
    if (known.some(({ status }) => status === "rejected"))
      return changed(t("This did not work. Try again with a better connection."));
    const points = list.points.filter((_, i) => !(/** @type {PromiseFulfilledResult<boolean>} */ (known[i]).value));
    const all = points.length === list.points.length;
    if (points.length && !writeLists([...lists, { ...list, points }])) return changed(t("This browser keeps nothing."));
    history.replaceState(null, "", location.pathname);
    changed(all ? t("Saved") : t("Places about violence are not saved, so that nobody finds them on this device."));
  };
  return [
    el(
      "section",
      { class: "slab", "aria-label": t("A list that somebody shares with you") },
      el("p", { class: "meta" }, t("A list that somebody shares with you")),
      el("h2", {}, list.name || t("My places")),
      el("p", {}, tn("%(n)s place", "%(n)s places", list.points.length)),
      el("button", { class: "button", type: "button", click: keep }, t("Keep this list")),
      el("ul", { class: "saved" }, ...shown.map(({ row }) => row)),
    ),
  ];
}

/**
 * What is known of a place now; until then, and without a network, its name. `part`: what the server says of it, `null`
 * where it is not on the map any more. `isDiscreet`: whether nobody else is to find it. Both fail where that cannot be asked.
 * @param {Saved} point
 * @param {string} lang
 */
function shownPoint(point, lang) {
  const base = `/${lang}/${point.layer}/${point.id}`;
  const place = el("div", {}, el("a", { href: base }, point.name || t("Place")));
  const part = partOf(`${base}/row.html`, "article");
  const isDiscreet = part.then((known) => {
    if (known) {
      place.replaceChildren(known);
      return "discreet" in known.dataset;
    }
    forgetName(point.id);
    place.replaceChildren(el("p", {}, t("Place")), el("p", { class: "meta" }, t("Not on the map any more")));
    return false;
  });
  isDiscreet.catch(() => place.append(el("p", { class: "meta" }, t("No connection: only the name is kept here."))));
  return { row: el("li", {}, place), part, isDiscreet };
}
