/**
 * The places of a kept area (app/exports/kept/pack.py), and which of them a question is about: by the same rules as the
 * server's (app/features/filters.py), so that the counts are the same.
 */
import { foldWords } from "../data/fold.js";
import { distanceM, parseBox, parseCorners, parsePosition, walkMinutes } from "../data/geo.js";
import { openingAt } from "../data/opening.js";
import { isOnFoot, parseQuery, settled } from "../data/query.js";
import { instantOf, wallClock } from "../data/zone.js";
import { helpNamed, wordsOf } from "./area-words.js";

/** @typedef {import("../data/query.js").Query} Query */
/** @typedef {import("../data/opening.js").Interval} Interval minutes since the area's midnight */
/**
 * @typedef {object} About what map and list do not have
 * @property {string[]} services with the codes of their groups and families
 * @property {{ named: string[], preferred: string[], only: string[] }} audiences
 * @property {boolean} everyone
 * @property {string[]} words of the search index
 * @property {string[]} [called] those of them that are in its name
 * @property {number} [rank] in the order of names
 * @property {string | null} [run_by] id of the organisation
 * @property {Interval[] | null} opened `null` where nobody knows the hours
 * @property {Interval[] | null} served of the place and all its services, where those are others; or `null`
 * @property {string} html
 */
/** @typedef {import("../data/points.js").Slim & { access?: string[], languages?: string[], kept: About }} Properties */
/** @typedef {{ id: string, geometry: { coordinates: import("../data/geo.js").Position } | null, properties: Properties }} Place */
/**
 * @typedef {object} Area
 * @property {number} midnight with which the hours begin, in seconds
 * @property {number} days so many are known
 * @property {Record<string, string>} access groups of the conditions of access, by code
 * @property {string[]} unkept codes that ask for what no device keeps
 * @property {{ states: Record<string, string>, badges: Record<string, string>, checks: Record<string, string> }} signs
 * @property {[id: string, name: string][]} [organisations] that run something here, in the order of their names
 * @property {Record<string, string>} [names] of groups and families; a pack of a server before this one has none of these
 * @property {{ words: string, left_out: string, left_out_times?: string }} [notes]
 * @property {import("./area-meaning.js").Meanings} [meanings]
 * @property {Place[]} features
 */
/**
 * @typedef {object} Asked
 * @property {readonly string[]} service
 * @property {readonly string[]} audience
 * @property {readonly string[]} audience_mode
 * @property {readonly string[]} language
 * @property {readonly string[]} access
 * @property {number | null} open_at an instant
 * @property {import("../data/geo.js").Position | null} from where somebody sets out on foot then
 * @property {import("../data/geo.js").Position | null} near
 * @property {boolean} unknown instead of what is open: what may be
 * @property {string} checked_since a day, "" for any
 * @property {string[] | null} words
 * @property {readonly string[]} helps codes of the help that they name, of which any will do as well
 * @property {import("../data/geo.js").Box | null} box
 * @property {import("../data/geo.js").Position[] | null} drawn the corners of an area that somebody has drawn
 * @property {string} organisation its id, "" for any
 */

/** What can be answered here; the rest is for the server. */
const KNOWN = new Set([
  ...["access", "area", "as", "audience", "audience_mode", "bbox", "checked_since", "hours", "language", "left_out"],
  ...["near", "near_name", "open_at", "open_day", "open_hour", "open_in", "organisation", "page", "q", "service"],
  ...["sort", "within"],
]);
const MINUTE_MS = 60_000;
const STEP_MS = 5 * MINUTE_MS;
const DAY_MINUTES = 1440;
/** The pins of the map know so much ahead (data/opening.js). */
const HORIZON = 2 * DAY_MINUTES;

/** @type {Asked} */
const ANY = {
  ...{ service: [], audience: [], audience_mode: [], language: [], access: [] },
  ...{
    open_at: null,
    from: null,
    near: null,
    unknown: false,
    checked_since: "",
    words: null,
    helps: [],
    box: null,
    drawn: null,
    organisation: "",
  },
};

/**
 * What is asked for; `null` where only the server can say it.
 * @param {Area} area
 * @param {URLSearchParams | string} search
 * @param {number} now
 * @returns {Asked | null}
 */
export function askedOf(area, search, now) {
  const query = settled(parseQuery(search));
  const all = (/** @type {string} */ key) => query.get(key) ?? [];
  const one = (/** @type {string} */ key) => all(key)[0] ?? "";
  if ([...query.keys()].some((key) => !KNOWN.has(key))) return null;
  // None of it is here, which says nothing of whether there is any.
  if ([...all("service"), ...all("audience")].some((code) => area.unkept.includes(code))) return null;
  const open_at = one("open_at") ? momentOf(one("open_at"), now) : null;
  const near = parsePosition(one("near"));
  const from = isOnFoot(query) ? near : null;
  if (Number.isNaN(open_at) || (isOnFoot(query) && !from)) return null;
  const drawn = query.has("within") ? parseCorners(one("within")) : null;
  // Whom no place here names, or that is no area: our server knows more of it.
  if (drawn?.length === 0 || (one("organisation") && !runners(area).has(one("organisation")))) return null;
  return {
    service: all("service"),
    audience: all("audience"),
    audience_mode: all("audience_mode"),
    language: all("language"),
    access: all("access"),
    open_at,
    from,
    near,
    unknown: one("hours") === "unknown",
    checked_since: dayOf(one("checked_since"), now),
    words: one("q") ? foldWords(one("q")) : null,
    helps: (area.meanings && helpNamed(area.meanings, wordsOf(one("q")))) ?? [],
    box: parseBox(one("bbox")),
    drawn,
    organisation: one("organisation"),
  };
}

/** Names of the organisations of an area, by id. @param {Area} area */
export function runners({ organisations = [] }) {
  return new Map(organisations);
}

/** @param {string} value of `open_at` @param {number} now @returns {number} `NaN` for what is none */
function momentOf(value, now) {
  if (value === "now" || value === "arrival") return now;
  const minutes = /^PT(\d+)M$/.exec(value)?.[1];
  // The same moment as is said of the places (data/then.js).
  if (minutes) return Math.floor(now / STEP_MS) * STEP_MS + Number(minutes) * MINUTE_MS;
  const [, day, hour, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)/.exec(value) ?? [];
  return day ? instantOf(day, Number(hour) * 60 + Number(minute)) : Number.NaN;
}

/** @param {string} value `P90D` or a day @param {number} now */
function dayOf(value, now) {
  const days = /^P(\d+)D$/.exec(value)?.[1];
  return days ? wallClock(now - Number(days) * DAY_MINUTES * MINUTE_MS).day : value;
}

/**
 * Whether a place is what is asked for.
 * @param {Area} area
 * @param {Place} place
 * @param {Asked} asked
 */
export function fits(area, place, asked) {
  const { kept, access = [], languages = [], checked = "" } = place.properties;
  return (
    meets(kept.services, asked.service) &&
    meets(languages, asked.language) &&
    groupsOf(area, asked.access).every((group) => meets(access, group)) &&
    isWelcome(kept, asked) &&
    (!asked.checked_since || checked >= asked.checked_since) &&
    (!asked.box || isIn(place, asked.box)) &&
    (!asked.drawn || (place.geometry !== null && isWithin(place.geometry.coordinates, asked.drawn))) &&
    (!asked.organisation || kept.run_by === asked.organisation) &&
    (!asked.words || has(kept.words, asked.words) || asked.helps.some((code) => kept.services.includes(code))) &&
    isOpenAsAsked(area, place, asked)
  );
}

/** Any of them, or nothing is asked.
 * @param {readonly string[]} given
 * @param {readonly string[]} asked
 */
function meets(given, asked) {
  return asked.length === 0 || asked.some((code) => given.includes(code));
}

/** Any within a group, all groups together.
 * @param {Area} area
 * @param {readonly string[]} codes
 * @returns {string[][]}
 */
function groupsOf(area, codes) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const code of codes)
    groups.set(area.access[code] ?? code, [...(groups.get(area.access[code] ?? code) ?? []), code]);
  return [...groups.values()];
}

/** As app/features/welcome.py has it: who may come is one question of two parameters.
 * @param {About} kept
 * @param {Asked} asked
 */
function isWelcome({ audiences, everyone }, { audience, audience_mode }) {
  if (!audience_mode.length) return meets(audiences.named, audience);
  return audience_mode.some((mode) => {
    if (mode === "everyone") return everyone;
    const given = audiences[/** @type {"preferred" | "only"} */ (mode)] ?? [];
    return given.length > 0 && meets(given, audience);
  });
}

/** Every word, the last one also as a beginning.
 * @param {string[]} given
 * @param {string[]} words
 */
export function has(given, words) {
  const last = words.at(-1);
  if (last === undefined) return false;
  return words.slice(0, -1).every((word) => given.includes(word)) && given.some((word) => word.startsWith(last));
}

/** @param {Place} place @param {import("../data/geo.js").Box} box */
function isIn({ geometry }, [west, south, east, north]) {
  if (!geometry) return false;
  const [lng, lat] = geometry.coordinates;
  return west <= lng && lng <= east && south <= lat && lat <= north;
}

/** Whether a position is inside of corners that are joined in their order, or on a side.
 * @param {import("../data/geo.js").Position} position
 * @param {import("../data/geo.js").Position[]} corners
 */
function isWithin([x, y], corners) {
  let isInside = false;
  for (const [i, [x2, y2]] of corners.entries()) {
    const [x1 = 0, y1 = 0] = corners.at(i - 1) ?? [];
    const side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1);
    if (side === 0 && (x - x1) * (x - x2) <= 0 && (y - y1) * (y - y2) <= 0) return true;
    if (y1 > y !== y2 > y && side > 0 === y2 > y1) isInside = !isInside;
  }
  return isInside;
}

/** @param {Area} area @param {Place} place @param {Asked} asked */
function isOpenAsAsked(area, place, { open_at, from, unknown }) {
  const { opened, served } = place.properties.kept;
  if (open_at === null) return !unknown || opened === null;
  const there = place.geometry && from ? walkMinutes(distanceM(from, place.geometry.coordinates)) : 0;
  const minute = (open_at - area.midnight * 1000) / MINUTE_MS + there;
  const states = new Set();
  for (const [start, end, state] of served ?? opened ?? []) if (start <= minute && minute < end) states.add(state);
  const isKnown = opened !== null && minute >= 0 && minute < area.days * DAY_MINUTES;
  if (!unknown) return states.has("open");
  return !states.has("open") && (!isKnown || states.has("unknown"));
}

/**
 * How many places each choice of the panel would leave: as if nothing else of its own parameter were set, or of its own
 * group of access, since a second choice there adds places (app/pages/panel_counts.py).
 * @param {Area} area
 * @param {Asked} asked
 * @param {number} now
 * @returns {(name: string, value: string) => number | null} `null` where it cannot be said here
 */
export function counting(area, asked, now) {
  /** @type {Map<string, Place[]>} */
  const left = new Map();
  const count = (/** @type {string} */ key, /** @type {Asked} */ free, /** @type {Asked} */ choice) => {
    const places = left.get(key) ?? area.features.filter((place) => fits(area, place, free));
    left.set(key, places);
    return places.filter((place) => fits(area, place, choice)).length;
  };
  return (name, value) => {
    if (area.unkept.includes(value)) return null;
    if (name === "service" || name === "language")
      return count(name, { ...asked, [name]: [] }, { ...ANY, [name]: [value] });
    if (name === "access") {
      const group = area.access[value];
      const others = asked.access.filter((code) => area.access[code] !== group);
      return count(`access ${group}`, { ...asked, access: others }, { ...ANY, access: [value] });
    }
    if (name === "audience" || name === "audience_mode") {
      const { audience, audience_mode } = asked;
      const free = { ...asked, audience: [], audience_mode: [] };
      return count("audience", free, { ...ANY, audience, audience_mode, [name]: [value] });
    }
    if (name === "organisation") return count(name, { ...asked, organisation: "" }, { ...ANY, organisation: value });
    if (name === "checked_since") {
      const choice = { ...ANY, checked_since: dayOf(value, now) };
      return count(name, { ...asked, checked_since: "" }, choice);
    }
    if (name === "open_at") {
      const open_at = value ? momentOf(value, now) : null;
      if (Number.isNaN(open_at)) return null;
      const from = value === "arrival" ? asked.near : null;
      return count(name, { ...asked, open_at: null, from: null, unknown: false }, { ...ANY, open_at, from });
    }
    return count("", asked, ANY);
  };
}

/**
 * Whether a place is open, as the pins of the map know it: two days from today's midnight on.
 * @param {Area} area
 * @param {Place} place
 * @param {number} now
 * @returns {{ base: string, open?: Interval[], later?: number }}
 */
export function openOf(area, { properties: { kept } }, now) {
  const base = wallClock(now).day;
  const shift = (instantOf(base, 0) - area.midnight * 1000) / MINUTE_MS;
  const end = area.days * DAY_MINUTES;
  if (!kept.opened || shift < 0 || shift >= end) return { base };
  const open = kept.opened
    .filter(([start, until]) => until > shift && start < shift + HORIZON)
    // What is open at the end of what is known goes on, as far as anybody knows.
    .map(
      ([start, until, state]) =>
        /** @type {Interval} */ ([start - shift, until < end ? until - shift : HORIZON, state]),
    );
  const later = kept.opened.find(([start, , state]) => state === "open" && start >= shift + HORIZON)?.[0];
  return { base, open, ...(later !== undefined && { later: later - shift }) };
}

/** @param {Area} area @param {Place} place @param {number} now */
export function openingOf(area, place, now) {
  return openingAt({ ...openOf(area, place, now), closed: place.properties.closed }, now);
}

/** When a place is open next, by all of its hours: now, where it is open; `null` where it never is as far as is known.
 * @param {Area} area
 * @param {Place} place
 * @param {number} now
 */
export function soonestOf(area, { properties: { kept } }, now) {
  const minute = (now - area.midnight * 1000) / MINUTE_MS;
  const starts = (kept.served ?? kept.opened ?? [])
    .filter(([, end, state]) => state === "open" && end > minute)
    .map(([start]) => Math.max(start, minute));
  return starts.length ? Math.min(...starts) : null;
}
