/**
 * The page of one place: its tools, and its sketch, a picture of where it is. The address beside it says the same in words.
 *
 * `[data-place-map]` (`.sketch`, not shown without script, with the map's data attributes as in map/config.js): `data-lng`,
 * `data-lat`, `data-family`, `data-icon`, `data-state` (open, soon, closed, unknown), `data-ring` (full, half, none).
 */
import { enhancePlace } from "./place/enhance.js";

enhancePlace(document);

// Read in the finder first, and then loaded anew: the way back only changes the address then, which is the list's.
const { pathname } = location;
addEventListener("popstate", () => {
  if (location.pathname !== pathname) location.reload();
});
