/**
 * The page of one place: its sketch, a picture of where it is. The address beside it says the same in words.
 *
 * `[data-place-map]` (`.sketch`, hidden without script, with the map's data attributes as in map/config.js): `data-lng`,
 * `data-lat`, `data-family`, `data-icon`, `data-state` (open, soon, closed, unknown), `data-ring` (full, half, none).
 */
import { el, findAll } from "./dom.js";
import { readMapConfig } from "./map/config.js";
import { createMap, showCredit } from "./map/create.js";
import { PinLayer } from "./map/pins.js";
import { token } from "./map/token.js";
import { enhanceSave } from "./place/save.js";
import { enhanceTools } from "./place/tools.js";

const ZOOM = 16;

/** @param {HTMLElement} sketch */
function draw(sketch) {
  const { lng, lat, family, icon, state, ring } = sketch.dataset;
  /** @type {import("./data/geo.js").Position} */
  const position = [Number(lng), Number(lat)];
  if (!position.every(Number.isFinite)) return;
  sketch.hidden = false;
  const config = readMapConfig(sketch);
  const ground = el("div", {});
  sketch.append(ground);
  const { map } = createMap(ground, config, { fixed: true });
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

enhanceTools(document);
enhanceSave(document);
for (const sketch of findAll(document, "[data-place-map]")) draw(sketch);
