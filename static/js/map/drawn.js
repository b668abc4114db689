/** The outline of an area under the pins: one that somebody has drawn, or that of an administrative unit. */
import { svg } from "../dom.js";
import { latLng } from "./leaflet.js";

/** @typedef {import("../data/geo.js").Position} Position */

export class DrawnArea {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    /** @type {readonly (readonly Position[])[]} */
    this.rings = [];
    this.closed = true;
    const pane = map.getPane("drawn") ?? map.createPane("drawn");
    // The wider line below is of the colour of the paper, so that the other one is seen on any ground.
    this.casing = svg("path", { class: "drawn-casing" });
    this.shape = svg("path", { class: "drawn-area" });
    // While the map zooms its points are between two scales; they are drawn again at its end.
    this.drawing = svg("svg", { class: "leaflet-zoom-hide", "aria-hidden": "true" }, this.casing, this.shape);
    pane.append(this.drawing);
    map.on("zoomend viewreset", () => this.draw());
    this.draw();
  }

  /**
   * @param {readonly (readonly Position[])[]} rings of all its parts and their holes; none where no area is asked for
   * @param {{ closed?: boolean }} [how] not closed while it is being drawn
   */
  show(rings, { closed = true } = {}) {
    this.rings = rings.filter(({ length }) => length > 0);
    this.closed = closed;
    this.draw();
  }

  draw() {
    const path = this.rings.map((ring) => `M${this.pixels(ring)}${this.closed ? "Z" : ""}`).join("");
    for (const line of [this.casing, this.shape]) line.setAttribute("d", path);
    this.shape.classList.toggle("open", !this.closed);
    this.drawing.toggleAttribute("hidden", path === "");
  }

  /** @param {readonly Position[]} ring */
  pixels(ring) {
    /** @type {string[]} */
    const points = [];
    for (const [lng, lat] of ring) {
      const { x, y } = this.map.latLngToLayerPoint(latLng(lat, lng));
      const here = `${x},${y}`;
      // At a small scale many corners of a border are one pixel.
      if (here !== points.at(-1)) points.push(here);
    }
    return points.join("L");
  }
}
