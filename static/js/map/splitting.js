/**
 * Opens clusters: as near by as all of their places are in view, and on until they are told apart. A phone's map is narrow,
 * and what lies around them may be in view too: the list is of all that the map shows, and says so.
 */
import { el, find, icon } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {import("../data/geo.js").Box} Box */
/** @typedef {import("../data/points.js").Item} Item */

/** Half of a cluster, and a little more; at the lower edge a phone has the sheet over the map. */
const PIN_PX = 32;
const BELOW_PX = 52;
/** To a part of this a degree is written in addresses. */
const WRITTEN = 10_000;
/** So many zooms nearer it is known well enough where the places of a cluster lie. */
const LOOKED_AHEAD = 2;

export class Splitting {
  /** @param {Pick<import("./point-layer.js").PointLayer, "map" | "context" | "items" | "drawn">} layer */
  constructor(layer) {
    this.layer = layer;
    /** In which the places of the cluster lie that is being opened, until they are told apart. @type {Box | null} */
    this.box = null;
    /** What was pressed: how many places it stands for, and where they lie. @type {{ count: number, box: Box, told?: boolean } | null} */
    this.pressed = null;
    /** While it is found out how near it opens. */
    this.opening = false;
    /** Waits for the list of what was pressed. @type {MutationObserver | null} */
    this.waiting = null;
    this.follow = (/** @type {Event} */ event) => this.tellOnList(/** @type {CustomEvent<Box>} */ (event).detail);
  }

  /** Open a cluster of the map. @param {import("../data/points.js").ClusterItem} cluster */
  open(cluster) {
    this.pressed = { count: cluster.count, box: this.boxOf(cluster) };
    this.layer.context.moves.addEventListener("asked", this.follow); // Once, however often.
    return this.zoomInto(this.pressed.box);
  }

  /** Nothing is said of later lists, once all is in view and the list has come. */
  letGo() {
    if (!this.box && !this.opening && this.pressed?.told) this.pressed = null;
  }

  /** Say on the list of a box what it has besides the places that were pressed. @param {Box} asked */
  tellOnList(asked) {
    this.waiting?.disconnect();
    const { pressed } = this;
    const list = find(document, "[data-results]");
    const before = list && find(list, "#count");
    if (!pressed || !list) return;
    if (!holds(asked, pressed.box)) {
      this.pressed = null; // Somebody has moved on.
      return;
    }
    this.waiting = new MutationObserver(() => {
      const now = find(list, "#count");
      if (!now || now === before) return; // It is on its way.
      this.waiting?.disconnect();
      pressed.told = true;
      if (Number(now.dataset.total) > pressed.count) writeMore(list, pressed.count, this.layer.context.sprite);
      this.letGo();
    });
    this.waiting.observe(list, { childList: true });
  }

  /** The box in which all places of a cluster lie: whatever is drawn as one is in its name.
   * @param {import("../data/points.js").ClusterItem} cluster
   */
  boxOf(cluster) {
    const parts = new Set(cluster.id.split("+"));
    const inside = this.layer.items.filter(({ id }) => parts.has(id));
    return around(inside.length ? inside : [cluster]);
  }

  /** With the places of a nearer view: open what is still one, as long as all of it has room nearer by. */
  goOn() {
    const { box, layer } = this;
    this.box = null;
    const isInView = box && layer.map.getBounds().contains(cornersOf(box));
    if (isInView && layer.drawn.some((item) => item.kind === "cluster" && lies(item.position, box))) {
      this.zoomInto(box, layer.items);
    } else this.letGo();
  }

  /**
   * Show all of a box nearer by. Where there is no room for it, its middle; the list has all of it.
   * @param {Box} box
   * @param {Item[]} [known] what is in it, where it has been opened before
   */
  async zoomInto(box, known = []) {
    const { map, context } = this.layer;
    const zoom = map.getZoom();
    let [tight, roomy] = this.fitting(box, known);
    if (roomy <= zoom) {
      this.opening = true;
      [tight, roomy] = this.fitting(tight, await context.look(tight, zoom + LOOKED_AHEAD));
      this.opening = false;
      if (map.getZoom() !== zoom) return;
    }
    if (this.pressed) this.pressed.box = tight;
    if (roomy > zoom) {
      this.box = tight;
      // Of places on one spot it is not known before how near they can be told apart.
      const maxZoom = roomy < map.getMaxZoom() ? roomy : zoom + 2;
      const [first, last] = [PIN_PX, BELOW_PX];
      map.fitBounds(cornersOf(tight), { paddingTopLeft: [first, first], paddingBottomRight: [first, last], maxZoom });
    } else if (!known.length) {
      context.moves.bySelf();
      context.moves.ask(outwards(tight));
      const [w, s, e, n] = tight;
      map.setView([(s + n) / 2, (w + e) / 2], zoom + 1);
    }
  }

  /** The part of a box in which the items in it are, and the nearest zoom at which that has room, pins at its edges too.
   * @param {Box} box
   * @param {Item[]} items
   * @returns {[Box, number]}
   */
  fitting(box, items) {
    const inside = items.filter(({ position }) => lies(position, box));
    const tight = inside.length ? within(around(inside), box) : box;
    const edges = /** @type {any} */ ([2 * PIN_PX, PIN_PX + BELOW_PX]);
    return [tight, this.layer.map.getBoundsZoom(cornersOf(tight), false, edges)];
  }
}

/** @param {HTMLElement} list @param {number} count of what was pressed @param {string} sprite */
function writeMore(list, count, sprite) {
  const words = t("The group you pressed: %(n)s. Others lie around it on the map: the list has them all.", {
    n: count,
  });
  const note = el("p", { class: "sheet-note", "data-pressed": count }, icon(sprite, "circle-help", "icon small"));
  note.append(el("span", {}, words));
  (find(list, ".sheet-row") ?? find(list, ".sheet-head"))?.after(note);
}

/** A box as addresses write it, its edges rounded so that nothing on them is left out. @param {Box} box @returns {Box} */
function outwards([w, s, e, n]) {
  const down = (/** @type {number} */ degrees) => Math.floor(degrees * WRITTEN) / WRITTEN;
  return [down(w), down(s), -down(-e), -down(-n)];
}

/** @param {Box} box @param {Box} part */
function holds([w, s, e, n], [west, south, east, north]) {
  return w <= west && east <= e && s <= south && north <= n;
}

/** @param {Box} box @returns {[[number, number], [number, number]]} */
function cornersOf([w, s, e, n]) {
  return [
    [s, w],
    [n, e],
  ];
}

/** @param {import("../data/geo.js").Position} position @param {Box} box */
function lies([lng, lat], [w, s, e, n]) {
  return w <= lng && lng <= e && s <= lat && lat <= n;
}

/** What two boxes have in common.
 * @param {Box} a
 * @param {Box} b
 * @returns {Box}
 */
function within([w, s, e, n], [west, south, east, north]) {
  return [Math.max(w, west), Math.max(s, south), Math.min(e, east), Math.min(n, north)];
}

/** The box in which all places of some items lie.
 * @param {readonly Item[]} items
 * @returns {Box}
 */
function around(items) {
  /** @type {Box[]} */
  const boxes = items.map(({ id, position: [lng, lat] }) => cellBox(id) ?? [lng, lat, lng, lat]);
  return [
    Math.min(...boxes.map(([w]) => w)),
    Math.min(...boxes.map(([, s]) => s)),
    Math.max(...boxes.map(([, , e]) => e)),
    Math.max(...boxes.map(([, , , n]) => n)),
  ];
}

/**
 * The box of a cell of the grid on which clusters stand, by the name that a tile gives it: its zoom, and the bits of its
 * column and row in turns (geo/quadkey.py). `null` where it is no such name.
 * @param {string} name
 * @returns {Box | null}
 */
function cellBox(name) {
  const [, zoom, cell] = /^(\d+)\/(\d+)$/.exec(name) ?? [];
  if (!zoom) return null;
  const n = 2 ** Number(zoom);
  let [x, y, rest] = [0, 0, Number(cell)];
  // By numbers: of a near cell there are more bits than the operators for bits take.
  for (let bit = 1; bit < n; bit *= 2) {
    x += (rest % 2) * bit;
    rest = Math.floor(rest / 2);
    y += (rest % 2) * bit;
    rest = Math.floor(rest / 2);
  }
  return [lngOf(x, n), latOf(y + 1, n), lngOf(x + 1, n), latOf(y, n)];
}

/** @param {number} x @param {number} n */
function lngOf(x, n) {
  return (x / n) * 360 - 180;
}

/** @param {number} y @param {number} n */
function latOf(y, n) {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / n))) * 180) / Math.PI;
}
