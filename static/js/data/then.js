/**
 * How places are at the moment that a question is about, where it is not now: a day and an hour, in so many minutes, or
 * when somebody is there who sets out now on foot (app/pages/views/opening.py says the same). Loaded with the first such question, and by itself: what it needs is given.
 */

/** @typedef {import("./opening.js").Opening} Opening */
/** @typedef {import("./opening.js").Hours} Hours */
/**
 * @typedef {object} Tools
 * @property {typeof import("../i18n.js").t} t
 * @property {typeof import("../i18n.js").spoken} spoken
 * @property {typeof import("./format.js").clockText} clockText
 * @property {typeof import("./format.js").dayText} dayText
 * @property {typeof import("./zone.js").wallClock} wallClock
 * @property {typeof import("./zone.js").instantOf} instantOf
 * @property {typeof import("./opening.js").openingAt} openingAt
 * @property {typeof import("./geo.js").parsePosition} parsePosition
 * @property {typeof import("./geo.js").distanceM} distanceM
 * @property {typeof import("./geo.js").walkMinutes} walkMinutes
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The server's "now" moves on in such steps. */
const STEP_MS = 5 * MINUTE_MS;

/**
 * @param {import("./query.js").Query} query its `open_at`, whether only `hours` that nobody knows are asked for, and `near`
 * @param {Tools} tools
 */
export function thenOf(query, tools) {
  const { t, wallClock, clockText } = tools;
  const [asked = ""] = query.get("open_at") ?? [];
  const moment = momentOf(asked, tools);
  const from = asked === "arrival" ? tools.parsePosition(query.get("near")?.[0]) : null;
  return {
    moment,
    /** What is listed is open then, or nobody knows. Of what is closed for good nothing is told.
     * @param {Hours} slim
     * @param {import("./geo.js").Position} [position] of the place; what has none is there at once
     * @returns {(Opening & { at?: number }) | undefined}
     */
    opening(slim, position) {
      if (slim.closed) return undefined;
      if (query.has("hours")) return { state: "unknown" };
      const walk = from && position ? tools.walkMinutes(tools.distanceM(from, position)) : 0;
      const at = moment + walk * MINUTE_MS;
      const found = tools.openingAt(slim, at);
      return { .../** @type {Opening} */ (found.until ? found : { state: "open" }), at };
    },
    /** That it is open then: `Open at 14:30, until 18:00`; "" for another state.
     * @param {Opening & { at?: number }} opening
     * @param {number} now
     */
    words({ state, until, hourless, at = moment }, now) {
      if (hourless || (state !== "open" && state !== "soon")) return "";
      const { day, minute } = wallClock(at);
      const values = {
        day: onDay(day, tools),
        time: clockText(minute),
        end: until && until - at <= DAY_MS ? clockText(wallClock(until).minute || 24 * 60) : "",
      };
      if (day === wallClock(now).day) {
        return values.end ? t("Open at %(time)s, until %(end)s", values) : t("Open at %(time)s", values);
      }
      return values.end ? t("Open %(day)s at %(time)s, until %(end)s", values) : t("Open %(day)s at %(time)s", values);
    },
  };
}

/** With the day of the week: `on Saturday, November 28`. @param {string} day @param {Tools} tools */
function onDay(day, { t, dayText, spoken }) {
  // On a phone a line ends before the date, and not within.
  const date = { date: dayText(day, spoken()).replaceAll(" ", "\u00a0") };
  switch (new Date(day).getUTCDay()) {
    case 1:
      return t("on Monday, %(date)s", date);
    case 2:
      return t("on Tuesday, %(date)s", date);
    case 3:
      return t("on Wednesday, %(date)s", date);
    case 4:
      return t("on Thursday, %(date)s", date);
    case 5:
      return t("on Friday, %(date)s", date);
    case 6:
      return t("on Saturday, %(date)s", date);
    default:
      return t("on Sunday, %(date)s", date);
  }
}

/** @param {string} asked @param {Tools} tools */
function momentOf(asked, { instantOf }) {
  const minutes = asked === "arrival" ? 0 : /^PT(\d+)M$/.exec(asked)?.[1];
  if (minutes !== undefined) return Math.floor(Date.now() / STEP_MS) * STEP_MS + Number(minutes) * MINUTE_MS;
  if (/(?:Z|[+-]\d\d:?\d\d)$/.test(asked.slice(10))) return Date.parse(asked);
  const [hour, minute] = asked.slice(11).split(":").map(Number);
  return instantOf(asked.slice(0, 10), (hour ?? 0) * 60 + (minute ?? 0));
}
