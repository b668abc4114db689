/** What changes with the time on what was kept: whether it is open, how long ago somebody checked. Text in, text out. */
import { freshness } from "../data/freshness.js";
import { openingAt } from "../data/opening.js";
import { checkedWords, stateWords } from "../words.js";
import { openOf } from "./area-places.js";

/** @typedef {import("./area-places.js").Area} Area */
/** @typedef {import("./area-places.js").Place} Place */
/** @typedef {ReturnType<typeof import("../data/then.js").thenOf>} Then */

const TOKEN =
  /(<svg class="token fam-\w+) is-\w+ fresh-\w+("[^>]*>)([\s\S]*?)(?:<g class="t-badge[\s\S]*?<\/g>)?(<\/svg>)/;
const STATE = /<span class="state [\s\S]*?<\/span>/;
const CHECKED = /<p class="checked[\s\S]*?<\/p>/;

/** @param {string} text */
export function escaped(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * @param {Area} area
 * @param {Place} place
 * @param {number} now
 * @param {Then | null} [then] the moment that is asked about, where it is not now
 */
export function signsOf(area, place, now, then = null) {
  const { states, badges, checks } = area.signs;
  const slim = { ...place.properties, ...openOf(area, place, now) };
  const opening = then?.opening(slim, place.geometry?.coordinates) ?? openingAt(slim, now);
  const fresh = freshness(place.properties.checked, now);
  return {
    state: opening.state,
    ring: fresh.ring,
    badge: badges[opening.state] ?? "",
    stateHtml: filled(states[opening.state], then?.words(opening, now) || stateWords(opening, now, slim)),
    checkedHtml: filled(checks[fresh.ring], checkedWords(fresh)),
  };
}

/**
 * A row of the list with the signs of now.
 * @param {string} row
 * @param {Area} area
 * @param {Place} place
 * @param {number} now
 * @param {Then | null} [then]
 */
export function rowNow(row, area, place, now, then) {
  const { state, ring, badge, stateHtml, checkedHtml } = signsOf(area, place, now, then);
  return row
    .replace(TOKEN, (_, begin, rest, inside, end) => `${begin} is-${state} fresh-${ring}${rest}${inside}${badge}${end}`)
    .replace(STATE, () => stateHtml)
    .replace(CHECKED, () => checkedHtml);
}

/** @param {string | undefined} sign @param {string} words */
function filled(sign, words) {
  return (sign ?? "").replace("{words}", () => escaped(words));
}
