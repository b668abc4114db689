/** A place of a kept area as a page: its words in the frame that was kept with it (templates/offline/place.html). */
import { nameOf } from "../data/points.js";
import { escaped, signsOf } from "./area-signs.js";

/**
 * @param {string} frame
 * @param {import("./area-places.js").Area} area
 * @param {import("./area-places.js").Place} place
 * @param {{ lang: string, list: string, now: number }} reader `list` is the address of the area's list
 */
export function placePage(frame, area, place, { lang, list, now }) {
  const { stateHtml, checkedHtml } = signsOf(area, place, now);
  const words = place.properties.kept.html
    .replace("<!--state-->", () => stateHtml)
    .replace("<!--checked-->", () => checkedHtml);
  return (
    frame
      .replace("{list}", () => escaped(list))
      // A name may be anything, also what is looked for here; nothing is after it but a comment, which none can be.
      .replace("{name}", () => escaped(nameOf(place.properties, lang)))
      .replace("<!--place-->", () => words)
  );
}
