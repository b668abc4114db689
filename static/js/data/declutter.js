/**
 * Makes room on the map: what would lie on top of each other is drawn as one. The sum of all counts stays what it was.
 */
import { FAMILIES } from "./taxonomy.js";

/** @typedef {import("./points.js").Item} Item */
/** @typedef {import("./points.js").PointItem} PointItem */
/** @typedef {[x: number, y: number]} Pixel */
/** @typedef {{ kind: "spot", id: string, position: import("./geo.js").Position, points: PointItem[] }} SpotItem four or more points on one spot */
/** @typedef {(Item | SpotItem) & { shift?: Pixel }} Drawn `shift` in pixels, for a few points side by side */

const GAP_PX = 38;
/** From so many up, points on one spot open as a list. */
const LIST_FROM = 4;
const SIDE_STEP_PX = 26;

/**
 * @param {readonly Item[]} items
 * @param {(position: import("./geo.js").Position) => Pixel} toPixel at the zoom of the view
 * @param {(points: PointItem[]) => { family: string, open: boolean }[]} describe family and state of points, for a cluster made here
 * @param {number} splitZooms how many zooms are left until the map cannot show more detail
 * @returns {Drawn[]}
 */
export function declutter(items, toPixel, describe, splitZooms) {
  /** @type {{ items: Item[], pixel: Pixel }[]} */
  const groups = [];
  /** @type {Map<string, number[]>} */
  const grid = new Map();
  const order = [...items].sort((a, b) => weightOf(b) - weightOf(a) || (a.id < b.id ? -1 : 1));
  for (const item of order) {
    const pixel = toPixel(item.position);
    const near = nearest(groups, grid, pixel);
    if (near === undefined) {
      addTo(grid, pixel, groups.length);
      groups.push({ items: [item], pixel });
    } else groups[near]?.items.push(item);
  }
  return groups.flatMap((group) => drawnAs(group.items, toPixel, describe, splitZooms));
}

/**
 * @param {Item[]} group
 * @param {(position: import("./geo.js").Position) => Pixel} toPixel
 * @param {(points: PointItem[]) => { family: string, open: boolean }[]} describe
 * @param {number} splitZooms
 * @returns {Drawn[]}
 */
function drawnAs(group, toPixel, describe, splitZooms) {
  const [first] = group;
  if (!first || group.length === 1) return first ? [first] : [];
  const points = group.filter((item) => item.kind === "point");
  if (points.length === group.length) {
    const spread = Math.max(...points.map((point) => apart(toPixel(first.position), toPixel(point.position))));
    if (spread * 2 ** Math.max(0, splitZooms) < GAP_PX) return onOneSpot(points, first.position);
    if (points.length < LIST_FROM && spread > SIDE_STEP_PX) return points;
  }
  return [asCluster(group, points, describe)];
}

/** @param {PointItem[]} points @param {import("./geo.js").Position} position @returns {Drawn[]} */
function onOneSpot(points, position) {
  if (points.length >= LIST_FROM) return [{ kind: "spot", id: points.map(({ id }) => id).join(" "), position, points }];
  const middle = (points.length - 1) / 2;
  return points.map((point, i) => ({ ...point, position, shift: [(i - middle) * SIDE_STEP_PX * 1.7, 0] }));
}

/**
 * @param {Item[]} group
 * @param {PointItem[]} points
 * @param {(points: PointItem[]) => { family: string, open: boolean }[]} describe
 * @returns {import("./points.js").ClusterItem}
 */
function asCluster(group, points, describe) {
  const families = FAMILIES.map(() => 0);
  let count = points.length;
  let lng = 0;
  let lat = 0;
  /** @type {number | null} */
  let open = 0;
  for (const { family, open: isOpen } of describe(points)) {
    const index = /** @type {readonly string[]} */ (FAMILIES).indexOf(family);
    if (index >= 0) families[index] = (families[index] ?? 0) + 1;
    if (open !== null && isOpen) open += 1;
  }
  for (const item of group) {
    lng += item.position[0] * weightOf(item);
    lat += item.position[1] * weightOf(item);
    if (item.kind === "point") continue;
    count += item.count;
    open = open === null || item.open === null ? null : open + item.open;
    for (const [i, n] of item.families.entries()) families[i] = (families[i] ?? 0) + n;
  }
  const boxes = group.map(boxOf);
  return {
    kind: "cluster",
    id: group
      .map(({ id }) => id)
      .sort()
      .join("+"),
    position: [lng / count, lat / count],
    count,
    families,
    open,
    bounds: [
      Math.min(...boxes.map(([w]) => w)),
      Math.min(...boxes.map(([, s]) => s)),
      Math.max(...boxes.map(([, , e]) => e)),
      Math.max(...boxes.map(([, , , n]) => n)),
    ],
  };
}

/** @param {Item} item @returns {import("./geo.js").Box} */
function boxOf(item) {
  const [lng, lat] = item.position;
  return (item.kind === "cluster" && item.bounds) || [lng, lat, lng, lat];
}

/** @param {Item} item */
function weightOf(item) {
  return item.kind === "cluster" ? item.count : 1;
}

/** @param {Pixel} a @param {Pixel} b */
function apart(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/**
 * The group whose first item is nearer than the gap.
 * @param {{ pixel: Pixel }[]} groups
 * @param {Map<string, number[]>} grid
 * @param {Pixel} pixel
 */
function nearest(groups, grid, pixel) {
  const [cx, cy] = cell(pixel);
  /** @type {number | undefined} */
  let best;
  let least = GAP_PX;
  for (let x = cx - 1; x <= cx + 1; x++)
    for (let y = cy - 1; y <= cy + 1; y++)
      for (const i of grid.get(`${x},${y}`) ?? []) {
        const group = groups[i];
        const far = group ? apart(group.pixel, pixel) : Number.POSITIVE_INFINITY;
        if (far < least) {
          least = far;
          best = i;
        }
      }
  return best;
}

/** @param {Map<string, number[]>} grid @param {Pixel} pixel @param {number} index */
function addTo(grid, pixel, index) {
  const key = cell(pixel).join(",");
  const there = grid.get(key);
  if (there) there.push(index);
  else grid.set(key, [index]);
}

/** @param {Pixel} pixel @returns {Pixel} */
function cell([x, y]) {
  return [Math.floor(x / GAP_PX), Math.floor(y / GAP_PX)];
}
