/**
 * The area that a question is about, on the map: the outline of what somebody has drawn or of an administrative unit,
 * and the button that draws one. The tool itself is loaded when it is asked for.
 */
import { parseCorners } from "../data/geo.js";
import { withValues } from "../data/query.js";
import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { farWords } from "../words.js";
import { DrawnArea } from "./drawn.js";

/** @typedef {import("../data/geo.js").Position} Position */
/** @typedef {import("../data/query.js").Query} Query */

/**
 * @typedef {object} AreaWishes
 * @property {HTMLElement} holder the box of the map
 * @property {string} sprite
 * @property {string} sheetUrl of the drawing tool's style sheet
 * @property {() => Query} current
 * @property {(query: Query) => void} ask
 * @property {() => void} quietly the next move of the map is no question
 * @property {ReturnType<typeof import("./message.js").mapMessage>} message
 */

export class AskedArea {
  /**
   * @param {import("leaflet").Map} map
   * @param {AreaWishes} wishes
   */
  constructor(map, wishes) {
    this.map = map;
    this.wishes = wishes;
    this.outline = new DrawnArea(map);
    /** The unit whose outline is shown or awaited. */
    this.code = "";
    /** @type {readonly Position[]} */
    this.corners = [];
    /** Whether one is being drawn: then the map moves for that, and asks nothing. */
    this.drawing = false;
    this.words = el("span");
    this.button = el(
      "button",
      { class: "button second slim draw", type: "button", onclick: () => this.draw() },
      icon(wishes.sprite, "pencil", "icon small"),
      this.words,
    );
    this.name();
  }

  /** Outline the area of a question.
   * @param {Query} query
   */
  show(query) {
    this.corners = parseCorners(query.get("within")?.[0]);
    this.name();
    if (this.drawing) return;
    const code = this.corners.length ? "" : (query.get("area")?.[0] ?? "");
    if (code && code === this.code) return;
    this.code = code;
    this.outline.show(this.corners.length ? [this.corners] : []);
    if (code) this.showUnit(code);
  }

  /** A unit whose outline cannot be had is said by its tag alone.
   * @param {string} code
   */
  async showUnit(code) {
    const rings = await ringsOf(code).catch(() => []);
    if (code === this.code && !this.drawing) this.outline.show(rings);
  }

  name() {
    // Also as a hint: on a phone the button is its sign alone.
    this.button.title = this.corners.length ? t("Change the area") : t("Draw an area");
    this.words.textContent = this.button.title;
  }

  async draw() {
    if (this.drawing) return;
    const { map, wishes, button } = this;
    this.drawing = true;
    wishes.message.clear();
    try {
      const [{ drawArea }] = await Promise.all([import("./draw.js"), addSheet(wishes.sheetUrl)]);
      const { corners, outline } = this;
      const far = (/** @type {Position} */ from, /** @type {Position} */ to) => farWords(from, to).distance;
      const drawn = await drawArea(map, { ...wishes, corners, outline, far });
      this.end();
      // The room that the drawing took is the map's again, which asks nothing.
      wishes.quietly();
      if (drawn) wishes.ask(ofDrawn(wishes.current(), drawn));
    } catch {
      this.end();
      wishes.message.say(t("The drawing tool did not load."), { label: t("Try again"), run: () => this.draw() });
    }
    button.focus({ preventScroll: true });
  }

  end() {
    this.drawing = false;
    this.code = "";
    this.show(this.wishes.current());
  }
}

/**
 * The question about a drawn area, wherever the map is; no longer about a unit or a town.
 * @param {Query} query
 * @param {string} corners
 */
export function ofDrawn(query, corners) {
  let next = query;
  for (const name of ["area", "area_name", "bbox", "place"]) next = withValues(next, name, []);
  return withValues(next, "within", [corners]);
}

/** Add a style sheet to the page, once. @param {string} url */
async function addSheet(url) {
  if (!url || document.head.querySelector(`link[href="${url}"]`)) return;
  await new Promise((resolve, reject) => {
    const link = el("link", { rel: "stylesheet", href: url, onload: resolve });
    link.addEventListener("error", () => {
      link.remove(); // So that it can be asked for again.
      reject(new Error(url));
    });
    document.head.append(link);
  });
}

/** The rings of a unit's outline; the browser keeps what it was sent for as long as the server allows.
 * @param {string} code
 * @returns {Promise<Position[][]>}
 */
async function ringsOf(code) {
  const answer = await fetch(`/api/v1/areas/${encodeURIComponent(code)}.geojson`);
  const { geometry } = answer.ok ? await answer.json() : { geometry: null };
  if (geometry?.type === "Polygon") return geometry.coordinates;
  return geometry?.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}
