/** Map and list as twins: what is pointed at, focused or chosen in one shows in the other. */
import { distanceText } from "../data/format.js";
import { distanceM } from "../data/geo.js";
import { el, find, findAll, icon } from "../dom.js";
import { spoken, t } from "../i18n.js";
import { farWords } from "../words.js";

/**
 * @param {HTMLElement} list
 * @param {import("../map/point-layer.js").PointLayer} layer
 */
export function pairListWithMap(list, layer) {
  /** @param {Event} event */
  const light = ({ target }) => {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest(".hit[data-id]"));
    const { id, lng, lat } = row?.dataset ?? {};
    layer.light(id ?? null, lng && lat ? [Number(lng), Number(lat)] : null);
  };
  for (const kind of ["pointerover", "focusin"]) list.addEventListener(kind, light);
  for (const kind of ["pointerleave", "focusout"]) list.addEventListener(kind, () => layer.light(null));
  layer.addEventListener("lit", (event) => {
    const { detail } = /** @type {CustomEvent<string | null>} */ (event);
    for (const row of findAll(list, ".hit")) row.classList.toggle("lit", detail !== null && row.dataset.id === detail);
  });
}

/**
 * Mark the row of the place that is chosen, and bring it into sight where the list scrolls by itself.
 * @param {HTMLElement} list
 * @param {string | null} id
 */
export function markRow(list, id) {
  for (const row of findAll(list, ".hit")) {
    const on = id !== null && row.dataset.id === id;
    row.classList.toggle("on", on);
    if (on && list.scrollHeight > list.clientHeight + 1 && getComputedStyle(list).overflowY !== "clip") {
      row.scrollIntoView({ block: "nearest" });
    }
  }
}

/**
 * Write the distance from where the visitor is into every row that has a place, and put the nearest first where that
 * order was asked for. Computed here: the position is not sent anywhere.
 * @param {HTMLElement} list
 * @param {import("../data/geo.js").Position} me
 * @param {string} sprite
 */
export function writeDistances(list, me, sprite) {
  const rows = findAll(list, ".hit[data-lng][data-lat]").map((row) => {
    const position = /** @type {import("../data/geo.js").Position} */ ([
      Number(row.dataset.lng),
      Number(row.dataset.lat),
    ]);
    return { row, position, metres: distanceM(me, position) };
  });
  for (const { row, position } of rows) {
    const { walk, distance } = farWords(me, position);
    const street = find(row, ".far .street");
    const town = find(row, ".far .town");
    // Whoever walks there needs no town's name.
    if (town) town.hidden = walk !== "";
    const way = walk ? [walk, el("span", { class: "hush" }, ` ${t("on foot")}`), ", "] : [];
    const where = [street && [", ", street], town && [walk ? "" : ", ", town]];
    const words = el("span", {}, ...way, distance, ...where.flat());
    const far = el("span", { class: "far" }, icon(sprite, walk ? "footprints" : "map-pin", "icon small"), words);
    const old = find(row, ".far");
    if (old) old.replaceWith(far);
    else find(row, ".when")?.append(" ", far);
  }
  const [first] = rows;
  if (!first || find(list, "[data-sort]")?.dataset.sort !== "near") return;
  const parent = first.row.parentElement;
  for (const { row } of [...rows].sort((a, b) => a.metres - b.metres)) parent?.append(row);
  // Services without a place stay behind those with one.
  for (const row of findAll(list, ".hit:not([data-lng])")) row.parentElement?.append(row);
}

/** @param {number} accuracy_m */
export function accuracyWords(accuracy_m) {
  return t("You are here, give or take %(distance)s", { distance: distanceText(accuracy_m, spoken()) });
}
