/** The picture of where a place is, as the finder draws it. */
import { el } from "../dom.js";
import { readMapConfig } from "../map/config.js";
import { createMap, showCredit } from "../map/create.js";
import { PinLayer } from "../map/pins.js";
import { token } from "../map/token.js";

const ZOOM = 16;

/**
 * @param {HTMLElement} sketch what it is told stands in ../place.js
 * @param {AbortSignal} [gone] when nobody sees it any more
 */
export function drawSketch(sketch, gone) {
  const { lng, lat, family, icon, state, ring } = sketch.dataset;
  /** @type {import("../data/geo.js").Position} */
  const position = [Number(lng), Number(lat)];
  if (!position.every(Number.isFinite)) {
    sketch.hidden = true;
    return;
  }
  const config = readMapConfig(sketch);
  const ground = el("div", {});
  sketch.append(ground);
  const { map } = createMap(ground, config, { fixed: true });
  gone?.addEventListener("abort", () => {
    map.remove();
    map.addLayer = () => map; // What is still on its way to it.
  });
  map.setView([position[1], position[0]], ZOOM, { animate: false });
  // A picture: nothing in it is for the keyboard. Who made it stands beside it, with links.
  ground.removeAttribute("tabindex");
  ground.setAttribute("aria-hidden", "true");
  showCredit(sketch, config.basemap);
  const looks = /** @type {Parameters<typeof token>[1]} */ ({
    family: family ?? "support",
    icon: icon ?? "map-pin",
    state: state ?? "unknown",
    ring: ring ?? "none",
  });
  new PinLayer()
    .addTo(map)
    .show([{ key: "place", position, element: () => el("span", { class: "pin on" }, token(config.sprite, looks)) }]);
}
