/** The blue point: where the visitor is, or the address that they have typed. */
import { el } from "../dom.js";
import { PinLayer } from "./pins.js";

/** @param {import("leaflet").Map} map */
export function meLayer(map) {
  const layer = new PinLayer().addTo(map);
  layer.pane = map.getPane("me") ?? map.createPane("me");
  return {
    /** @param {import("../data/geo.js").Position} position @param {string} words */
    show(position, words) {
      layer.show([
        {
          key: `${position.join(",")} ${words}`, // A point of the same key is left as it is.
          position,
          element: () => el("span", { class: "me", role: "img", "aria-label": words }),
        },
      ]);
    },
    hide: () => layer.show([]),
  };
}
