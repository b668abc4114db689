/**
 * The built-in map: land and borders of Europe out of Natural Earth (world-atlas, 1:50m), fine for the countries that
 * are configured and their neighbours, coarse for the rest, and the names of cities. One small file.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as topojson from "topojson-client";
import { MODULES, STATIC, writeHashed } from "./paths.mjs";

/** Units of a degree: 0.005° is half a kilometre, a pixel at zoom 8. */
const SCALE = 200;
/** @type {Box} all that is drawn */
const FRAME = [-12, 34, 52, 66];
/** @type {Box} what is drawn fine: Poland, its neighbours, Romania, Moldova, Hungary */
const CORE = [9, 43.4, 32, 57.5];
const FINE_DEG = 0.005;
const COARSE_DEG = 0.1;
/** Islands smaller than this are left out. */
const LEAST_FINE_DEG2 = 0.004;
const LEAST_COARSE_DEG2 = 0.4;

/** @typedef {[west: number, south: number, east: number, north: number]} Box */
/** @typedef {[lng: number, lat: number]} Position */

/** @param {string} folder @returns {Promise<import("./paths.mjs").Built[]>} */
export async function outline(folder) {
  const atlas = JSON.parse(await readFile(join(MODULES, "world-atlas", "countries-50m.json"), "utf8"));
  const places = JSON.parse(await readFile(join(STATIC, "build", "places.json"), "utf8"));
  const data = { scale: SCALE, land: landOf(atlas), borders: bordersOf(atlas), places };
  return [await writeHashed(folder, "outline.json", JSON.stringify(data))];
}

/** @param {any} atlas @returns {number[][]} */
function landOf(atlas) {
  const land = /** @type {any} */ (topojson.feature(atlas, atlas.objects.land));
  /** @type {Position[][]} */
  const rings = land.features.flatMap((/** @type {any} */ { geometry }) =>
    (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).flat(),
  );
  return rings
    .map((ring) => clipRing(ring, FRAME))
    .filter((ring) => ring.length > 3)
    .filter((ring) => area(ring) > (ring.some(inCore) ? LEAST_FINE_DEG2 : LEAST_COARSE_DEG2))
    .map((ring) => steps(simplified(ring)))
    .filter((line) => line.length >= 6);
}

/** @param {any} atlas @returns {number[][]} */
function bordersOf(atlas) {
  const mesh = /** @type {any} */ (topojson.mesh(atlas, atlas.objects.countries, (a, b) => a !== b));
  return mesh.coordinates
    .flatMap((/** @type {Position[]} */ line) => clipLine(line, FRAME))
    .map((/** @type {Position[]} */ line) => steps(simplified(line)))
    .filter((/** @type {number[]} */ line) => line.length >= 4);
}

/**
 * First point, then the way to each next one, in units.
 * @param {Position[]} line
 * @returns {number[]}
 */
function steps(line) {
  /** @type {number[]} */
  const numbers = [];
  let x = 0;
  let y = 0;
  for (const [lng, lat] of line) {
    const nx = Math.round(lng * SCALE);
    const ny = Math.round(lat * SCALE);
    if (numbers.length && nx === x && ny === y) continue;
    numbers.push(nx - x, ny - y);
    x = nx;
    y = ny;
  }
  return numbers;
}

/**
 * Douglas and Peucker, with a tolerance that depends on where a point lies.
 * @param {Position[]} line
 * @returns {Position[]}
 */
function simplified(line) {
  const keep = new Set([0, line.length - 1]);
  /** @type {[number, number][]} */
  const spans = [[0, line.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let most = 1;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const point = /** @type {Position} */ (line[i]);
      const far = offLine(point, /** @type {Position} */ (line[from]), /** @type {Position} */ (line[to]));
      const share = far / (inCore(point) ? FINE_DEG : COARSE_DEG);
      if (share > most) {
        most = share;
        at = i;
      }
    }
    if (at < 0) continue;
    keep.add(at);
    spans.push([from, at], [at, to]);
  }
  return line.filter((_, i) => keep.has(i));
}

/** How far a point is from a stretch, degrees of longitude shortened as at 52° north.
 * @param {Position} point
 * @param {Position} a
 * @param {Position} b
 */
function offLine(point, a, b) {
  const k = 0.62;
  const [px, py, ax, ay] = [point[0] * k, point[1], a[0] * k, a[1]];
  const dx = b[0] * k - ax;
  const dy = b[1] - ay;
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

/** @param {Position} point */
function inCore([lng, lat]) {
  return lng >= CORE[0] && lng <= CORE[2] && lat >= CORE[1] && lat <= CORE[3];
}

/** @param {Position[]} ring */
function area(ring) {
  let twice = 0;
  for (const [i, [x, y]] of ring.entries()) {
    const [nx, ny] = /** @type {Position} */ (ring[(i + 1) % ring.length]);
    twice += x * ny - nx * y;
  }
  return Math.abs(twice / 2);
}

/** Sutherland and Hodgman: the part of a ring inside a box.
 * @param {Position[]} ring
 * @param {Box} box
 * @returns {Position[]}
 */
function clipRing(ring, box) {
  return SIDES.reduce((points, side) => {
    /** @type {Position[]} */
    const kept = [];
    for (const [i, point] of points.entries()) {
      const before = /** @type {Position} */ (points[(i + points.length - 1) % points.length]);
      if (side.inside(point, box)) {
        if (!side.inside(before, box)) kept.push(side.cross(before, point, box));
        kept.push(point);
      } else if (side.inside(before, box)) kept.push(side.cross(before, point, box));
    }
    return kept;
  }, ring);
}

/** The parts of a line inside a box; ends outside are dropped, nobody sees them.
 * @param {Position[]} line
 * @param {Box} box
 * @returns {Position[][]}
 */
function clipLine(line, box) {
  /** @type {Position[][]} */
  const parts = [];
  /** @type {Position[]} */
  let part = [];
  for (const point of line) {
    if (SIDES.every((side) => side.inside(point, box))) part.push(point);
    else if (part.length) {
      parts.push(part);
      part = [];
    }
  }
  parts.push(part);
  return parts.filter(({ length }) => length > 1);
}

/** @param {0 | 1} axis @param {0 | 1 | 2 | 3} edge @param {1 | -1} sign */
function side(axis, edge, sign) {
  const other = axis === 0 ? 1 : 0;
  return {
    /** @param {Position} point @param {Box} box */
    inside: (point, box) => (point[axis] - box[edge]) * sign >= 0,
    /** @param {Position} a @param {Position} b @param {Box} box @returns {Position} */
    cross: (a, b, box) => {
      const share = (box[edge] - a[axis]) / (b[axis] - a[axis]);
      const along = a[other] + share * (b[other] - a[other]);
      return axis === 0 ? [box[edge], along] : [along, box[edge]];
    },
  };
}

const SIDES = [side(0, 0, 1), side(0, 2, -1), side(1, 1, 1), side(1, 3, -1)];
