/**
 * The icons of the installed site, drawn from our mark (`static/img/logo.svg`): on a white tile with round corners, and
 * on a whole white square, out of which each system cuts the form that it likes (`maskable`, W3C App Manifest 1.0:
 * what matters lies in the circle of 80 %).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { STATIC, writeHashed } from "./paths.mjs";
import { png } from "./png.mjs";

/** @typedef {{ name: string, size: number, share: number, corner: number }} Icon `share`: of the width that the mark takes */

/** @type {Icon[]} */
const ICONS = [
  { name: "icon-192.png", size: 192, share: 0.74, corner: 0.2 },
  { name: "icon-512.png", size: 512, share: 0.74, corner: 0.2 },
  { name: "icon-maskable-192.png", size: 192, share: 0.56, corner: 0 },
  { name: "icon-maskable-512.png", size: 512, share: 0.56, corner: 0 },
];
const PAPER = [255, 255, 255];

/** @param {string} folder @returns {Promise<import("./paths.mjs").Built[]>} */
export async function appIcons(folder) {
  const mark = readMark(await readFile(join(STATIC, "img", "logo.svg"), "utf8"));
  return Promise.all(ICONS.map((icon) => writeHashed(folder, icon.name, png(icon.size, draw(mark, icon)))));
}

/**
 * @typedef {object} Mark
 * @property {number[]} ink red, green, blue
 * @property {{ x: number, top: number, bottom: number }} stem
 * @property {{ x: number, y: number, r: number }} ring
 * @property {{ x: number, y: number, r: number }} dot
 * @property {number} stroke width of stem and ring
 */

/**
 * The mark's parts, in units of its drawing: a stem, a ring on it, a dot in that.
 * @param {string} svg
 * @returns {Mark}
 */
export function readMark(svg) {
  const colour = svg.match(/stroke="#([0-9a-f]{6})"/i)?.[1];
  const stroke = svg.match(/stroke-width="([\d.]+)"/)?.[1];
  const stem = svg.match(/<path d="M([\d.]+) ([\d.]+)v([\d.]+)"/);
  const [ring, dot] = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"/g)].map(([, x, y, r]) => ({
    x: Number(x),
    y: Number(y),
    r: Number(r),
  }));
  if (!colour || !stroke || !stem || !ring || !dot)
    throw new Error("logo.svg: the mark is not a stem, a ring and a dot");
  const [x = 0, top = 0, length = 0] = stem.slice(1).map(Number);
  const ink = [0, 2, 4].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return { ink, stem: { x, top, bottom: top + length }, ring, dot, stroke: Number(stroke) };
}

/**
 * @param {Mark} mark
 * @param {Icon} icon
 */
function draw(mark, { size, share, corner }) {
  const { ring, stem, stroke, ink } = mark;
  // What the mark fills, with its strokes; its middle comes to the middle of the icon.
  const [west, east] = [stem.x - stroke / 2, ring.x + ring.r + stroke / 2];
  const [north, south] = [ring.y - ring.r - stroke / 2, stem.bottom + stroke / 2];
  const unit = (size * share) / Math.max(east - west, south - north);
  const pixels = new Uint8Array(size * size * 4);
  for (let py = 0; py < size; py += 1) {
    for (let px = 0; px < size; px += 1) {
      const [dx, dy] = [px + 0.5 - size / 2, py + 0.5 - size / 2];
      const painted = cover(distance(mark, dx / unit + (west + east) / 2, dy / unit + (north + south) / 2) * unit);
      const at = (py * size + px) * 4;
      PAPER.forEach((paper, i) => {
        pixels[at + i] = Math.round(paper + ((ink[i] ?? 0) - paper) * painted);
      });
      pixels[at + 3] = corner ? Math.round(255 * cover(toTile(dx, dy, size, corner))) : 255;
    }
  }
  return pixels;
}

/** How much of a pixel is covered by a form whose edge is so many pixels away; inside it is below nought.
 * @param {number} distance
 */
function cover(distance) {
  return Math.min(1, Math.max(0, 0.5 - distance));
}

/** How far a point is from the mark's edge, in units of the drawing.
 * @param {Mark} mark
 * @param {number} x
 * @param {number} y
 */
function distance({ stem, ring, dot, stroke }, x, y) {
  const toStem = Math.hypot(x - stem.x, y - Math.min(Math.max(y, stem.top), stem.bottom)) - stroke / 2;
  const toRing = Math.abs(Math.hypot(x - ring.x, y - ring.y) - ring.r) - stroke / 2;
  return Math.min(toStem, toRing, Math.hypot(x - dot.x, y - dot.y) - dot.r);
}

/** How far a point, counted from the middle, is from the edge of the tile with round corners, in pixels.
 * @param {number} dx
 * @param {number} dy
 * @param {number} size
 * @param {number} corner
 */
function toTile(dx, dy, size, corner) {
  const radius = size * corner;
  const [x, y] = [Math.abs(dx) - size / 2 + radius, Math.abs(dy) - size / 2 + radius];
  return Math.hypot(Math.max(x, 0), Math.max(y, 0)) + Math.min(Math.max(x, y), 0) - radius;
}
