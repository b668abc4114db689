/** Opens clusters: as near by as all of their places are in view, and on until they are told apart. */

/** @typedef {import("../data/geo.js").Box} Box */
/** @typedef {import("../data/points.js").Item} Item */

/** Half of a cluster, and a little more; at the lower edge a phone has the sheet over the map. */
const PIN_PX = 32;
const BELOW_PX = 52;
/** So many zooms nearer it is known well enough where the places of a cluster lie. */
const LOOKED_AHEAD = 2;

export class Splitting {
  /** @param {Pick<import("./point-layer.js").PointLayer, "map" | "context" | "items" | "drawn">} layer */
  constructor(layer) {
    this.layer = layer;
    /** In which the places of the cluster lie that is being opened, until they are told apart. @type {Box | null} */
    this.box = null;
  }

  /** Open a cluster of the map. @param {import("../data/points.js").ClusterItem} cluster */
  open(cluster) {
    return this.zoomInto(this.boxOf(cluster));
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
    if (!box || !layer.map.getBounds().contains(cornersOf(box))) return;
    if (layer.drawn.some((item) => item.kind === "cluster" && lies(item.position, box))) {
      this.zoomInto(box, layer.items);
    }
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
      [tight, roomy] = this.fitting(tight, await context.look(tight, zoom + LOOKED_AHEAD));
      if (map.getZoom() !== zoom) return;
    }
    if (roomy > zoom) {
      this.box = tight;
      // Of places on one spot it is not known before how near they can be told apart.
      const maxZoom = roomy < map.getMaxZoom() ? roomy : zoom + 2;
      const [first, last] = [PIN_PX, BELOW_PX];
      map.fitBounds(cornersOf(tight), { paddingTopLeft: [first, first], paddingBottomRight: [first, last], maxZoom });
    } else if (!known.length) {
      context.moves.bySelf();
      context.moves.ask(tight);
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
