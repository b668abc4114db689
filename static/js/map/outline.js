/**
 * The built-in map: land, water and borders, drawn on canvas from one small file of our own. It is there at once and
 * stays when no other base map can be reached. Its names are a layer of their own, names.js.
 */
import { ownFrame } from "../breath.js";
import { GridLayer } from "./leaflet.js";

/**
 * @typedef {object} OutlineData as `static/build/outline.mjs` writes it
 * @property {number} scale units of a degree
 * @property {number[][]} land rings: first point, then steps, in units
 * @property {number[][]} borders lines, the same
 * @property {[name: string, lng: number, lat: number, zoom: number][]} places `zoom` from which the name shows
 */
/** @typedef {{ points: Float64Array, box: [number, number, number, number] }} Line points `x, y, …` on the unit square of Web Mercator */

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Pen */

const PAD_PX = 8;

export class OutlineLayer extends GridLayer {
  /** @param {OutlineData} data */
  constructor(data) {
    super({ pane: "outline", updateWhenZooming: false, keepBuffer: 1, minZoom: 0, maxZoom: 22 });
    this.land = data.land.map((line) => decode(line, data.scale));
    this.borders = data.borders.map((line) => decode(line, data.scale));
  }

  /** @param {import("leaflet").Map} map */
  onAdd(map) {
    this.colours = readColours(map.getContainer());
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => {
      this.colours = readColours(map.getContainer());
      this.redraw();
    };
    dark.addEventListener("change", this.onScheme);
    this.forgetScheme = () => dark.removeEventListener("change", /** @type {() => void} */ (this.onScheme));
    return super.onAdd(map);
  }

  /** @param {import("leaflet").Map} map */
  onRemove(map) {
    this.forgetScheme?.();
    return super.onRemove(map);
  }

  /** New tiles come when the map has arrived: while it zooms they would take frames from it. @param {object} event */
  _animateZoom(event) {
    /** @type {any} */ (GridLayer.prototype)._animateZoom.call(this, { ...event, noUpdate: true });
  }

  /**
   * @param {import("leaflet").Coords} coords
   * @param {import("leaflet").DoneCallback} done
   */
  createTile(coords, done) {
    const canvas = document.createElement("canvas");
    const size = this.getTileSize().x;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = canvas.height = size * ratio;
    ownFrame().then(() => {
      if (!canvas.parentNode) return; // It has been moved out of the view before its turn came.
      paint(canvas, (pen) => {
        pen.scale(ratio, ratio);
        this.draw(pen, coords, size);
      });
      done(undefined, canvas);
    });
    return canvas;
  }

  /** What is drawn is there at once: fading it in would draw the page ten times more.
   * @param {import("leaflet").Coords} coords
   * @param {Error | undefined} error
   * @param {HTMLElement} tile
   */
  _tileReady(coords, error, tile) {
    /** @type {any} */ (GridLayer.prototype)._tileReady.call(this, coords, error, tile);
    const ready = /** @type {any} */ (this)._tiles[/** @type {any} */ (this)._tileCoordsToKey(coords)];
    if (ready?.loaded) ready.loaded = 1;
  }

  /**
   * @param {Pen} pen
   * @param {import("leaflet").Coords} coords
   * @param {number} size
   */
  draw(pen, { x, y, z }, size) {
    const n = 2 ** z;
    const colours = this.colours ?? readColours(document.documentElement);
    const view = { x: x / n, y: y / n, scale: n * size, reach: 1 / n, pad: PAD_PX / (n * size) };
    pen.fillStyle = colours.water;
    pen.fillRect(0, 0, size, size);
    pen.lineJoin = "round";
    pen.beginPath();
    for (const ring of this.land) trace(pen, ring, view, true);
    pen.fillStyle = colours.land;
    pen.fill("evenodd");
    pen.beginPath();
    for (const line of this.borders) trace(pen, line, view, false);
    pen.strokeStyle = colours.casing;
    pen.lineWidth = 1.25;
    pen.stroke();
  }
}

/**
 * Draw a picture that stays as it is. What has a pen of its own is asked in every frame whether it has changed.
 * @param {HTMLCanvasElement} canvas
 * @param {(pen: Pen) => void} draw
 */
function paint(canvas, draw) {
  if (!("OffscreenCanvas" in globalThis)) {
    const pen = canvas.getContext("2d");
    if (pen) draw(pen);
    return;
  }
  const sheet = new OffscreenCanvas(canvas.width, canvas.height);
  const pen = sheet.getContext("2d");
  if (!pen) return;
  draw(pen);
  canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(sheet.transferToImageBitmap());
}

/**
 * Adds a line to the path. Points beyond one side of the tile together with their neighbours change nothing on it and
 * are left out, so that a country costs as little as the piece of it that is seen.
 * @param {Pen} pen
 * @param {Line} line
 * @param {{ x: number, y: number, scale: number, reach: number, pad: number }} view
 * @param {boolean} closed
 */
function trace(pen, { points, box }, { x, y, scale, reach, pad }, closed) {
  const w = x - pad;
  const n = y - pad;
  const e = x + reach + pad;
  const s = y + reach + pad;
  if (box[0] > e || box[2] < w || box[1] > s || box[3] < n) return;
  const side = (/** @type {number} */ i) => {
    const px = points[i] ?? 0;
    const py = points[i + 1] ?? 0;
    return (px < w ? 1 : px > e ? 2 : 0) | (py < n ? 4 : py > s ? 8 : 0);
  };
  const last = points.length - 2;
  let before = 0;
  for (let i = 0; i <= last; i += 2) {
    const here = side(i);
    const after = i < last ? side(i + 2) : 0;
    if (i > 0 && here & before & after) continue;
    const px = ((points[i] ?? 0) - x) * scale;
    const py = ((points[i + 1] ?? 0) - y) * scale;
    if (i === 0) pen.moveTo(px, py);
    else pen.lineTo(px, py);
    before = here;
  }
  if (closed) pen.closePath();
}

/** @param {number[]} line @param {number} scale @returns {Line} */
function decode(line, scale) {
  const points = new Float64Array(line.length);
  /** @type {Line["box"]} */
  const box = [1, 1, 0, 0];
  let lng = 0;
  let lat = 0;
  for (let i = 0; i < line.length; i += 2) {
    lng += line[i] ?? 0;
    lat += line[i + 1] ?? 0;
    const x = mercatorX(lng / scale);
    const y = mercatorY(lat / scale);
    points[i] = x;
    points[i + 1] = y;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return { points, box };
}

/** @param {number} lng */
function mercatorX(lng) {
  return lng / 360 + 0.5;
}

/** @param {number} lat */
function mercatorY(lat) {
  const s = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
}

/** @param {Element} element */
function readColours(element) {
  const style = getComputedStyle(element);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    land: token("--map-land"),
    water: token("--map-water"),
    casing: token("--edge"),
  };
}
