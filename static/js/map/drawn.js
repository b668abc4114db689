/** The area that somebody has drawn, as an outline under the pins. The list's tag says it in words. */
import { svg } from "../dom.js";
import { latLng } from "./leaflet.js";

/** @typedef {import("../data/geo.js").Position} Position */

export class DrawnArea {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    /** @type {Position[]} */
    this.corners = [];
    const pane = map.getPane("drawn") ?? map.createPane("drawn");
    this.shape = svg("polygon", { class: "drawn-area" });
    // While the map zooms its points are between two scales; they are drawn again at its end.
    this.drawing = svg("svg", { class: "leaflet-zoom-hide", "aria-hidden": "true" }, this.shape);
    pane.append(this.drawing);
    map.on("zoomend viewreset", () => this.draw());
  }

  /** @param {Position[]} corners none where no area is asked for */
  show(corners) {
    this.corners = corners;
    this.draw();
  }

  draw() {
    const points = this.corners.map(([lng, lat]) => {
      const { x, y } = this.map.latLngToLayerPoint(latLng(lat, lng));
      return `${x},${y}`;
    });
    this.shape.setAttribute("points", points.join(" "));
    this.drawing.toggleAttribute("hidden", points.length === 0);
  }
}
