/**
 * The page of one place: its sketch, a picture of where it is. The address beside it says the same in words.
 *
 * `[data-place-map]` (`.sketch`, not shown without script, with the map's data attributes as in map/config.js): `data-lng`,
 * `data-lat`, `data-family`, `data-icon`, `data-state` (open, soon, closed, unknown), `data-ring` (full, half, none).
 */
import { painted } from "./breath.js";
import { findAll } from "./dom.js";
import { enhanceSave } from "./place/save.js";
import { drawSketch } from "./place/sketch.js";
import { enhanceTools } from "./place/tools.js";
import { enhanceWays } from "./place/way.js";

/** The words first: the picture comes when they are on the screen.
 * @param {HTMLElement[]} sketches
 */
async function draw(sketches) {
  await painted();
  for (const sketch of sketches) drawSketch(sketch);
}

enhanceTools(document);
enhanceSave(document);
enhanceWays(document);
const sketches = findAll(document, "[data-place-map]");
if (sketches.length) {
  draw(sketches).catch(() => {
    for (const sketch of sketches) sketch.hidden = true; // The address beside it says the same.
  });
}
