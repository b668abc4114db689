/** What opens on the map when a pin is activated, and what closes with it. */
import { find } from "../dom.js";
import { brief, briefList, openAt } from "../map/brief.js";
import { markRow } from "./sync.js";

/**
 * @param {import("leaflet").Map} map
 * @param {import("../map/point-layer.js").PointLayer} layer
 * @param {HTMLElement | null} list
 */
export function openBriefs(map, layer, list) {
  /** @type {import("leaflet").Popup | null} */
  let open = null;
  const context = {
    ...layer.context,
    looks: (/** @type {import("../data/points.js").PointItem} */ point) => layer.looks(point, Date.now()),
    me: () => layer.me,
    close: () => open?.close(),
  };
  const choose = (/** @type {string | null} */ id) => {
    layer.choose(id);
    if (list) markRow(list, id);
  };

  layer.addEventListener("choose", (event) => {
    const { points, element: pin } = /** @type {CustomEvent} */ (event).detail;
    const [point] = points;
    const node = points.length === 1 ? brief(point, context) : briefList(points, context);
    const byKeyboard = pin.matches(":focus-visible");
    const popup = openAt(map, point.position, node);
    open = popup;
    choose(points.length === 1 ? point.id : null);
    if (byKeyboard) find(node, "a, button")?.focus();
    popup.on("remove", () => {
      if (open !== popup) return; // Another one has opened in its place.
      open = null;
      choose(null);
      if (node.contains(document.activeElement) || document.activeElement === document.body) pin.focus();
    });
  });
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Escape") open?.close();
  });
}
