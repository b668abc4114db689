/** What the words about one place have beside themselves, on its own page and where it is read beside the map. */
import { painted } from "../breath.js";
import { findAll } from "../dom.js";
import { enhanceSave } from "./save.js";
import { drawSketch } from "./sketch.js";
import { enhanceTools } from "./tools.js";
import { enhanceWays } from "./way.js";

/**
 * @param {Document | Element} page what it is told stands in ../place.js
 * @param {AbortSignal} [gone] when the place is not read any more, and the page stays
 */
export function enhancePlace(page, gone) {
  enhanceTools(page);
  enhanceSave(page);
  enhanceWays(page);
  const sketches = findAll(page, "[data-place-map]");
  if (!sketches.length) return;
  draw(sketches, gone).catch(() => {
    for (const sketch of sketches) sketch.hidden = true; // The address beside it says the same.
  });
}

/** The words first: the picture comes when they are on the screen.
 * @param {HTMLElement[]} sketches
 * @param {AbortSignal} [gone]
 */
async function draw(sketches, gone) {
  await painted();
  for (const sketch of sketches) if (sketch.isConnected) drawSketch(sketch, gone);
}
