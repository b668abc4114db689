/** Lists as elements: one's own with everything to be done with them, and one that somebody shares. */
import { el, icon } from "../dom.js";
import { t, tn } from "../i18n.js";
import { offer } from "../place/tools.js";
import { comparison, forgetChoices } from "./compare.js";
import { fragmentOf } from "./link.js";
import { partOf } from "./rows.js";
import { forgetName, MOST_LISTS, moved, readLists, writeLists } from "./store.js";

/**
 * @typedef {{ lang: string, sprite: string, changed: (words?: string, focus?: string) => void, tell: (words: string) => void }} Options
 *   `changed` draws all anew, and then the first thing that fits `focus` has the focus; `tell` only says something
 */
/** @typedef {import("./store.js").List} List */
/** @typedef {import("./store.js").Saved} Saved */

/** What the server has said of places while the page is open, by address: drawn anew, the page stays as it is. @type {Map<string, HTMLElement | null>} */
const said = new Map();

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
  const { lang, sprite, changed, tell } = options;
  /** @param {(lists: List[]) => List[]} change @param {string} words @returns {string} what came of it */
  const keep = (change, words) => (writeLists(change(readLists())) ? words : t("This browser keeps nothing."));
  /** @param {(list: List) => List} change @param {string} words */
  const keepThis = (change, words) => keep((all) => all.map((one, i) => (i === index ? change(one) : one)), words);
  const field = el("input", { value: list.name, maxlength: 80, "aria-label": t("Name of the list") });
  const name = () => field.value.trim() || t("My places");
  const heading = el("h2", {}, name());
  // What is written in a field is kept when somebody leaves it for another one: nothing may move from under them then.
  field.addEventListener("change", () => {
    tell(keepThis((one) => ({ ...one, name: field.value }), t("Saved")));
    heading.textContent = name();
    section.setAttribute("aria-label", name());
  });
  const shown = list.points.map((point) => shownPoint(point, lang));
  const rows = list.points.map((point, i) => {
    const { row } = /** @type {ReturnType<typeof shownPoint>} */ (shown[i]);
    const note = el("input", { value: point.note, maxlength: 300 });
    note.addEventListener("change", () =>
      tell(
        keepThis(
          (one) => ({ ...one, points: one.points.map((p) => (p.id === point.id ? { ...p, note: note.value } : p)) }),
          t("Saved"),
        ),
      ),
    );
    /** @param {string} sign @param {string} words @param {() => void} act */
    const small = (sign, words, act) =>
      el("button", { class: "round bare", type: "button", "aria-label": words, click: act }, icon(sprite, sign));
    row.dataset.row = `${index}.${i}`;
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
            // At the top there is no way up, and what stands there instead takes the place out.
            changed(
              keepThis((one) => ({ ...one, points: moved(one.points, i, -1) }), t("Moved up")),
              `[data-row="${index}.${i - 1}"] ${i > 1 ? "button" : "input"}`,
            ),
          ),
        small("trash-2", t("Take out: %(name)s", { name: point.name || t("Place") }), () =>
          changed(
            keepThis((one) => ({ ...one, points: one.points.filter(({ id }) => id !== point.id) }), t("Taken out")),
            `[data-row="${index}.${Math.min(i, list.points.length - 2)}"] :is(a, input)`,
          ),
        ),
      ),
    );
    row.querySelector(".icon use[href$='chevron-down']")?.parentElement?.classList.add("upside-down");
    return row;
  });
  const share = async () => {
    const words = await offer(
      name(),
      location.origin + location.pathname + fragmentOf({ ...list, name: name() }),
      t("The address is copied. Paste it where you like."),
    );
    tell(words);
  };
  const section = el(
    "section",
    { class: "slab", "aria-label": name() },
    heading,
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
            if (!confirm(t("Delete the list “%(name)s”?", { name: name() }))) return;
            forgetChoices();
            changed(
              keep((all) => all.filter((_, i) => i !== index), t("Deleted")),
              "h2",
            );
          },
        },
        icon(sprite, "trash-2"),
        t("Delete the list"),
      ),
    ),
  );
  return section;
}

/**
 * A list that somebody shares. Kept of it are the places that may be found on this device; which these are the server
 * says, so that nothing is kept before it has.
 * @param {List} list
 * @param {Options} options
 * @returns {HTMLElement[]}
 */
export function sharedView(list, { lang, changed, tell }) {
  const shown = list.points.map((point) => shownPoint(point, lang));
  const keep = async () => {
    const lists = readLists();
    if (lists.length >= MOST_LISTS)
      return tell(t("There are %(n)s lists already. Delete one first.", { n: MOST_LISTS }));
    const known = await Promise.allSettled(shown.map(({ isDiscreet }) => isDiscreet));
    if (known.some(({ status }) => status === "rejected"))
      return tell(t("This did not work. Try again with a better connection."));
    const points = list.points.filter((_, i) => !(/** @type {PromiseFulfilledResult<boolean>} */ (known[i]).value));
    const all = points.length === list.points.length;
    if (points.length && !writeLists([...lists, { ...list, points }])) return tell(t("This browser keeps nothing."));
    history.replaceState(null, "", location.pathname);
    changed(
      all ? t("Saved") : t("Places about violence are not saved, so that nobody finds them on this device."),
      "section:last-of-type h2",
    );
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
  /** @param {HTMLElement | null} known */
  const show = (known) => {
    if (known) return place.replaceChildren(known.cloneNode(true));
    place.replaceChildren(el("p", {}, t("Place")), el("p", { class: "meta" }, t("Not on the map any more")));
  };
  const before = said.get(base);
  if (before !== undefined) show(before);
  const part = before === undefined ? partOf(`${base}/row.html`, "article") : Promise.resolve(before);
  const isDiscreet = part.then((known) => {
    if (before === undefined) show(known);
    said.set(base, known);
    if (known) return "discreet" in known.dataset;
    forgetName(point.id);
    return false;
  });
  isDiscreet.catch(() => place.append(el("p", { class: "meta" }, t("No connection: only the name is kept here."))));
  return { row: el("li", {}, place), part, isDiscreet };
}
