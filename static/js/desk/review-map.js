/** The map of a review: where the place is now, where it would be, how far that is, and what is beside it already. */
import { distanceText } from "../data/format.js";
import { distanceM } from "../data/geo.js";
import { windFrom } from "../data/wind.js";
import { el, svg } from "../dom.js";
import { spoken, t } from "../i18n.js";
import { readMapConfig } from "../map/config.js";
import { createMap, showBox, showCredit } from "../map/create.js";
import { Layer, setPosition } from "../map/leaflet.js";
import { PinLayer } from "../map/pins.js";
import { mapTools } from "../map/tools.js";
import { besideLine } from "./beside-line.js";
import { spotsOf } from "./neighbours.js";

/** @typedef {import("../data/geo.js").Position} Position */

/**
 * `[data-review-map]` (`.sketch`, with the map's data attributes as in map/config.js): `data-new` and `data-old`, each
 * `lng,lat` or absent; `data-near`, JSON of `[lng, lat, name]` of places that are on the map beside it, as they are listed.
 * @param {HTMLElement} sketch
 */
export function drawReview(sketch) {
  const before = readPair(sketch.dataset.old);
  const after = readPair(sketch.dataset.new);
  const shown = after ?? before;
  if (!shown) return;
  sketch.hidden = false;
  const config = readMapConfig(sketch);
  const ground = el("div", {});
  sketch.append(ground);
  const { map } = createMap(ground, config, { wheel: false });
  showCredit(sketch, config.basemap);
  sketch.append(mapTools(map, config.sprite, { zoomAlways: true }));
  const pins = new PinLayer().addTo(map);
  const line = before && after ? new GapLine(before, after).addTo(map) : null;
  /** @type {[number, number, string][]} */
  const near = JSON.parse(sketch.dataset.near || "[]");
  const asked = [before, after].filter((position) => position !== null);
  const all = [...asked, ...near.map(([lng, lat]) => /** @type {Position} */ ([lng, lat]))];
  // Beside the tools, on whichever side they are, and above the credit.
  if (all.length > 1) showBox(map, boxOf(all), { padding: [76, 36], maxZoom: 17, animate: false });
  else map.setView([shown[1], shown[0]], 16, { animate: false });
  const draw = () => {
    const toPixel = (/** @type {Position} */ [lng, lat]) => {
      const { x, y } = map.latLngToLayerPoint([lat, lng]);
      return /** @type {[number, number]} */ ([x, y]);
    };
    pins.show([
      // First, so that the pins in question lie over them.
      ...spotsOf(near, toPixel, asked).map(nearPin),
      ...(before ? [pin(before, "oldpin", "−", t("Pin now"))] : []),
      ...(after ? [pin(after, "newpin", "+", before ? movedWords(before, after) : t("Proposed pin"))] : []),
    ]);
  };
  draw();
  map.on("zoomend", draw); // What lies over another one is no more what it was.
  line?.place();
}

/** `Proposed pin, 38 m to the north-east`.
 * @param {Position} before
 * @param {Position} after
 */
export function movedWords(before, after) {
  const distance = distanceText(distanceM(before, after), spoken());
  return {
    n: t("Proposed pin, %(distance)s to the north", { distance }),
    ne: t("Proposed pin, %(distance)s to the north-east", { distance }),
    e: t("Proposed pin, %(distance)s to the east", { distance }),
    se: t("Proposed pin, %(distance)s to the south-east", { distance }),
    s: t("Proposed pin, %(distance)s to the south", { distance }),
    sw: t("Proposed pin, %(distance)s to the south-west", { distance }),
    w: t("Proposed pin, %(distance)s to the west", { distance }),
    nw: t("Proposed pin, %(distance)s to the north-west", { distance }),
  }[windFrom(before, after)];
}

/** The dashed line between two pins, and the distance on it. */
class GapLine extends Layer {
  /** @param {Position} from @param {Position} to */
  constructor(from, to) {
    super();
    this.ends = [from, to];
    this.line = svg("line", { class: "gapline" });
    this.box = svg("svg", { class: "gapline-box", width: 1, height: 1, "aria-hidden": "true" }, this.line);
    this.words = el(
      "span",
      { class: "gapline-words", "aria-hidden": "true" },
      distanceText(distanceM(from, to), spoken()),
    );
  }

  /** @param {import("leaflet").Map} map */
  onAdd(map) {
    this.map = map;
    const pane = map.getPane("gap") ?? map.createPane("gap");
    pane.append(this.box, this.words);
    return this;
  }

  onRemove() {
    this.box.remove();
    this.words.remove();
    return this;
  }

  getEvents() {
    return { zoom: this.place, viewreset: this.place, zoomend: this.place };
  }

  place() {
    const { map } = this;
    if (!map) return;
    const [a, b] = this.ends.map(([lng, lat]) => map.latLngToLayerPoint([lat, lng]));
    if (!a || !b) return;
    for (const [name, value] of Object.entries({ x1: a.x, y1: a.y, x2: b.x, y2: b.y })) {
      this.line.setAttribute(name, String(value));
    }
    const { offsetWidth: width, offsetHeight: height } = this.words;
    const [x, y] = besideLine([b.x - a.x, b.y - a.y], [width, height]);
    setPosition(this.words, a.add(b).divideBy(2).add([x, y]).round());
  }
}

/** @param {Position} position @param {string} classes @param {string} sign @param {string} words */
function pin(position, classes, sign, words) {
  return {
    key: classes,
    position,
    element: () => el("span", { class: classes, role: "img", "aria-label": words }, sign),
  };
}

/** @param {import("./neighbours.js").Spot} spot */
function nearPin({ position, shift, names, numbers }) {
  const label = names.join(", ");
  const shown = numbers.join(", ");
  return {
    key: `near ${shown}`,
    position,
    shift,
    element: () =>
      el(
        "span",
        { class: "nearpin", role: "img", title: label, "aria-label": label },
        el("span", { "aria-hidden": "true" }, shown),
      ),
  };
}

/** West, south, east and north of positions.
 * @param {Position[]} positions
 * @returns {[number, number, number, number]}
 */
function boxOf(positions) {
  const lngs = positions.map(([lng]) => lng);
  const lats = positions.map(([, lat]) => lat);
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
}

/** @param {string | undefined} text @returns {Position | null} */
function readPair(text) {
  const [lng, lat] = (text ?? "").split(",").map(Number);
  return text && Number.isFinite(lng) && Number.isFinite(lat) ? [Number(lng), Number(lat)] : null;
}
