/** What changes with the time on what was kept: whether it is open, how long ago somebody checked. Text in, text out. */
import { freshness } from "../data/freshness.js";
import { checkedWords, stateWords } from "../words.js";
import { openingOf } from "./area-places.js";

/** @typedef {import("./area-places.js").Area} Area */
/** @typedef {import("./area-places.js").Place} Place */

const TOKEN =
  /(<svg class="token fam-\w+) is-\w+ fresh-\w+("[^>]*>)([\s\S]*?)(?:<g class="t-badge[\s\S]*?<\/g>)?(<\/svg>)/;
const STATE = /<span class="state [\s\S]*?<\/span>/;
const CHECKED = /<p class="checked[\s\S]*?<\/p>/;

/** @param {string} text */
export function escaped(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** @param {Area} area @param {Place} place @param {number} now */
export function signsOf(area, place, now) {
  const { states, badges, checks } = area.signs;
  const opening = openingOf(area, place, now);
  const fresh = freshness(place.properties.checked, now);
  return {
    state: opening.state,
    ring: fresh.ring,
    badge: badges[opening.state] ?? "",
    stateHtml: filled(states[opening.state], stateWords(opening, now, place.properties)),
    checkedHtml: filled(checks[fresh.ring], checkedWords(fresh)),
  };
}

/**
 * A row of the list with the signs of now.
 * @param {string} row
 * @param {Area} area
 * @param {Place} place
 * @param {number} now
 */
export function rowNow(row, area, place, now) {
  const { state, ring, badge, stateHtml, checkedHtml } = signsOf(area, place, now);
  return row
    .replace(TOKEN, (_, begin, rest, inside, end) => `${begin} is-${state} fresh-${ring}${rest}${inside}${badge}${end}`)
    .replace(STATE, () => stateHtml)
    .replace(CHECKED, () => checkedHtml);
}

/** @param {string | undefined} sign @param {string} words */
function filled(sign, words) {
  return (sign ?? "").replace("{words}", () => escaped(words));
}
