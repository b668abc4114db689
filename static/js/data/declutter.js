/**
 * Makes room on the map: what would lie on top of each other is drawn as one. The sum of all counts stays what it was.
 */
import { FAMILIES } from "./taxonomy.js";

/** @typedef {import("./points.js").Item} Item */
/** @typedef {import("./points.js").PointItem} PointItem */
/** @typedef {[x: number, y: number]} Pixel */
/** @typedef {{ kind: "spot", id: string, position: import("./geo.js").Position, points: PointItem[] }} SpotItem four or more points on one spot */
/** @typedef {(Item | SpotItem) & { shift?: Pixel }} Drawn `shift` in pixels, for a few points side by side */

/** Half of what is drawn, with a little overlap allowed: a cluster is 56 pixels wide, a point 40. */
const CLUSTER_PX = 26;
const POINT_PX = 19;
/** Half of the strip on which a number of more than three signs lies across its cluster: `1,4 тис.` */
const STRIP_PX = 36;
const LARGEST_WITHOUT_STRIP = 999;
/** From so many up, points on one spot open as a list. */
const LIST_FROM = 4;
const SIDE_STEP_PX = 44;
/** Groups that grew may touch again; few do more than twice. */
const MOST_PASSES = 5;

/** @typedef {{ members: Item[], weight: number, pixel: Pixel }} Group */

/**
 * @param {readonly Item[]} items
 * @param {(position: import("./geo.js").Position) => Pixel} toPixel at the zoom of the view
 * @param {(points: PointItem[]) => string[]} familiesOf families of points, for a cluster made here
 * @param {number} splitZooms how many zooms are left until the map cannot show more detail
 * @returns {Drawn[]}
 */
export function declutter(items, toPixel, familiesOf, splitZooms) {
  /** @type {Group[]} */
  let groups = [...items]
    .sort((a, b) => weightOf(b) - weightOf(a) || (a.id < b.id ? -1 : 1))
    .map((item) => ({ members: [item], weight: weightOf(item), pixel: toPixel(item.position) }));
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const before = groups.length;
    groups = merged(groups);
    if (groups.length === before) break;
  }
  return groups.flatMap(({ members }) => drawnAs(members, toPixel, familiesOf, splitZooms));
}

/** Groups that would touch, made one.
 * @param {Group[]} groups
 * @returns {Group[]}
 */
function merged(groups) {
  /** @type {Group[]} */
  const result = [];
  /** @type {Map<string, Group[]>} */
  const grid = new Map();
  for (const group of groups) {
    const near = touching(grid, group);
    if (near) {
      const weight = near.weight + group.weight;
      const along = group.weight / weight;
      near.pixel = [
        near.pixel[0] + (group.pixel[0] - near.pixel[0]) * along,
        near.pixel[1] + (group.pixel[1] - near.pixel[1]) * along,
      ];
      near.weight = weight;
      near.members = [...near.members, ...group.members];
      continue;
    }
    const own = { ...group };
    result.push(own);
    const key = cell(own.pixel).join(",");
    const there = grid.get(key);
    if (there) there.push(own);
    else grid.set(key, [own]);
  }
  return result;
}

/**
 * The nearest group that this one would touch.
 * @param {Map<string, Group[]>} grid
 * @param {Group} group
 */
function touching(grid, group) {
  const [cx, cy] = cell(group.pixel);
  /** @type {Group | null} */
  let best = null;
  let least = Number.POSITIVE_INFINITY;
  for (let x = cx - 1; x <= cx + 1; x++)
    for (let y = cy - 1; y <= cy + 1; y++)
      for (const other of grid.get(`${x},${y}`) ?? []) {
        const far = nearness(other, group);
        if (far < 1 && far < least) {
          least = far;
          best = other;
        }
      }
  return best;
}

/** How far two groups are apart, where 1 is just far enough: wide ones need more room beside than above each other.
 * @param {Group} a
 * @param {Group} b
 */
function nearness(a, b) {
  const [aWide, aHigh] = room(a);
  const [bWide, bHigh] = room(b);
  return Math.hypot((a.pixel[0] - b.pixel[0]) / (aWide + bWide), (a.pixel[1] - b.pixel[1]) / (aHigh + bHigh));
}

/** Half of the width and of the height that a group needs.
 * @param {Group} group
 * @returns {[wide: number, high: number]}
 */
function room({ members, weight }) {
  if (members.length === 1 && members[0]?.kind !== "cluster") return [POINT_PX, POINT_PX];
  return [weight > LARGEST_WITHOUT_STRIP ? STRIP_PX : CLUSTER_PX, CLUSTER_PX];
}

/**
 * @param {Item[]} group
 * @param {(position: import("./geo.js").Position) => Pixel} toPixel
 * @param {(points: PointItem[]) => string[]} familiesOf
 * @param {number} splitZooms
 * @returns {Drawn[]}
 */
function drawnAs(group, toPixel, familiesOf, splitZooms) {
  const [first] = group;
  if (!first || group.length === 1) return first ? [first] : [];
  const points = group.filter((item) => item.kind === "point");
  if (points.length === group.length) {
    const spread = Math.max(...points.map((point) => apart(toPixel(first.position), toPixel(point.position))));
    if (spread * 2 ** Math.max(0, splitZooms) < POINT_PX) return onOneSpot(points, first.position);
  }
  return [asCluster(group, points, familiesOf)];
}

/** @param {PointItem[]} points @param {import("./geo.js").Position} position @returns {Drawn[]} */
function onOneSpot(points, position) {
  if (points.length >= LIST_FROM) return [{ kind: "spot", id: points.map(({ id }) => id).join(" "), position, points }];
  const middle = (points.length - 1) / 2;
  return points.map((point, i) => ({ ...point, position, shift: [(i - middle) * SIDE_STEP_PX, 0] }));
}

/**
 * @param {Item[]} group
 * @param {PointItem[]} points
 * @param {(points: PointItem[]) => string[]} familiesOf
 * @returns {import("./points.js").ClusterItem}
 */
function asCluster(group, points, familiesOf) {
  const families = FAMILIES.map(() => 0);
  let count = points.length;
  let lng = 0;
  let lat = 0;
  for (const family of familiesOf(points)) {
    const index = /** @type {readonly string[]} */ (FAMILIES).indexOf(family);
    if (index >= 0) families[index] = (families[index] ?? 0) + 1;
  }
  for (const item of group) {
    lng += item.position[0] * weightOf(item);
    lat += item.position[1] * weightOf(item);
    if (item.kind === "point") continue;
    count += item.count;
    for (const [i, n] of item.families.entries()) families[i] = (families[i] ?? 0) + n;
  }
  return {
    kind: "cluster",
    id: group
      .map(({ id }) => id)
      .sort()
      .join("+"),
    position: [lng / count, lat / count],
    count,
    families,
  };
}

/** @param {Item} item */
function weightOf(item) {
  return item.kind === "cluster" ? item.count : 1;
}

/** @param {Pixel} a @param {Pixel} b */
function apart(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** @param {Pixel} pixel @returns {Pixel} */
function cell([x, y]) {
  return [Math.floor(x / (2 * STRIP_PX)), Math.floor(y / (2 * STRIP_PX))];
}
