/** What the signs say, in words: states, checks, distances, names of pins and clusters. */

import { clockText, countText, dayText, distanceText, roundCount } from "./data/format.js";
import { distanceM, walkMinutes } from "./data/geo.js";
import { FAMILIES } from "./data/taxonomy.js";
import { daysBetween, wallClock } from "./data/zone.js";
import { spoken, t, tn } from "./i18n.js";

const WEEKS_FROM_DAYS = 14;
const MONTHS_FROM_DAYS = 60;

/** State of opening: `Open until 18:00`; "" where hours say nothing. Nobody is told to call a place without a number.
 * @param {import("./data/opening.js").Opening} opening
 * @param {number} now
 * @param {{ phone?: string }} place
 */
export function stateWords({ state, until, minutesLeft, opens, always, hourless }, now, { phone }) {
  if (hourless) return "";
  if (state === "soon") return t("Closes in %(minutes)s min", { minutes: minutesLeft ?? 1 });
  if (state === "open") {
    if (always) return t("Open around the clock");
    return until === undefined ? t("Open") : t("Open until %(time)s", { time: closingTime(until) });
  }
  if (state === "unknown") return phone ? t("Hours not known, call first") : t("Hours not known, ask before you go");
  if (opens === undefined) return t("Closed");
  const { day, minute } = wallClock(opens);
  const time = { time: clockText(minute) };
  const days = daysBetween(wallClock(now).day, day);
  if (days === 0) return t("Closed, opens at %(time)s", time);
  if (days === 1) return t("Closed, opens tomorrow at %(time)s", time);
  if (days > 6) return t("Closed, opens on %(date)s at %(time)s", { date: dayText(day, spoken()), ...time });
  const words = [
    t("Closed, opens on Sunday at %(time)s", time),
    t("Closed, opens on Monday at %(time)s", time),
    t("Closed, opens on Tuesday at %(time)s", time),
    t("Closed, opens on Wednesday at %(time)s", time),
    t("Closed, opens on Thursday at %(time)s", time),
    t("Closed, opens on Friday at %(time)s", time),
    t("Closed, opens on Saturday at %(time)s", time),
  ];
  return words[new Date(day).getUTCDay()] ?? "";
}

/** Midnight is the end of a day here and not the beginning of the next one.
 * @param {number} until
 */
function closingTime(until) {
  const { minute } = wallClock(until);
  return clockText(minute === 0 ? 1440 : minute);
}

/** The last check: `Checked 3 days ago`, `Nobody has checked for 8 months`.
 * @param {{ ring: import("./data/freshness.js").Ring, days: number | null }} fresh
 */
export function checkedWords({ ring, days }) {
  if (days === null) return t("Nobody has checked this yet");
  const months = Math.floor(days / 30);
  if (ring === "none" && months < 24) {
    return tn("Nobody has checked for %(n)s month", "Nobody has checked for %(n)s months", months);
  }
  if (ring === "none") {
    return tn("Nobody has checked for %(n)s year", "Nobody has checked for %(n)s years", Math.floor(days / 365));
  }
  if (days === 0) return t("Checked today");
  if (days === 1) return t("Checked yesterday");
  if (days < WEEKS_FROM_DAYS) return tn("Checked %(n)s day ago", "Checked %(n)s days ago", days);
  if (days < MONTHS_FROM_DAYS) {
    return tn("Checked %(n)s week ago", "Checked %(n)s weeks ago", Math.floor(days / 7));
  }
  return tn("Checked %(n)s month ago", "Checked %(n)s months ago", months);
}

/** How far, for the eye and for the ear: `6 min`, `450 m`. Nobody walks 50 km: beyond 6 km only the distance.
 * @param {import("./data/geo.js").Position} from
 * @param {import("./data/geo.js").Position} to
 * @returns {{ walk: string, distance: string }} `walk` may be empty
 */
export function farWords(from, to) {
  const metres = distanceM(from, to);
  return {
    walk: metres <= 6000 ? t("%(minutes)s min", { minutes: walkMinutes(metres) }) : "",
    distance: distanceText(metres, spoken()),
  };
}

/** Names in one line as the list has them: `Hot meals, food parcels`; German keeps its capitals, abbreviations do too.
 * @param {string[]} names
 */
export function sentence(names) {
  return names.map((name, i) => (i ? inside(name) : name)).join(", ");
}

/** A name as it stands inside a sentence.
 * @param {string} name
 */
function inside(name) {
  if (spoken() === "de" || /^.\p{Lu}/u.test(name)) return name;
  return name.slice(0, 1).toLocaleLowerCase(spoken()) + name.slice(1);
}

/** Accessible name of a pin: name, state, distance, check.
 * @param {string[]} parts
 */
export function pinName(...parts) {
  return parts.filter(Boolean).join(", ");
}

/** Accessible name of a cluster: `12 places: food 6, health 4. Zoom in`. It begins with the number as it is seen, so that
 * somebody who speaks to the page can say it. How many are open is not known of most clusters, and so not said of any
 * (docs/explanation/performance.md).
 * @param {{ count: number, families: number[] }} cluster
 * @param {import("./data/taxonomy.js").Taxonomy} taxonomy
 */
export function clusterName({ count, families }, taxonomy) {
  const shares = FAMILIES.map((family, i) => ({ family, n: families[i] ?? 0 }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
    .map(({ family, n }) => `${inside(taxonomy.familyName(family))} ${countText(n, spoken())}`);
  const places = tn("%(n)s place", "%(n)s places", roundCount(count), { n: countText(count, spoken()) });
  return `${shares.length ? `${places}: ${shares.join(", ")}` : places}. ${t("Zoom in")}`;
}
