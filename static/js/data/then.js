/**
 * How places are at the moment that a question is about, where it is not now: a day and an hour, or in so many minutes
 * (app/pages/views/opening.py says the same). Loaded with the first such question, and by itself: what it needs is given.
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
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The server's "now" moves on in such steps. */
const STEP_MS = 5 * MINUTE_MS;

/**
 * @param {string} asked `open_at` of the question
 * @param {boolean} unknown whether only what may be open then is asked for, with hours that nobody knows
 * @param {Tools} tools
 */
export function thenOf(asked, unknown, tools) {
  const { t, wallClock, clockText } = tools;
  const moment = momentOf(asked, tools);
  return {
    moment,
    /** What is listed is open then, or nobody knows. Of what is closed for good nothing is told.
     * @param {Hours} slim
     * @returns {Opening | undefined}
     */
    opening(slim) {
      if (slim.closed) return undefined;
      if (unknown) return { state: "unknown" };
      const found = tools.openingAt(slim, moment);
      return found.until ? found : { state: "open" };
    },
    /** That it is open then: `Open at 14:30, until 18:00`; "" for another state.
     * @param {Opening} opening
     * @param {number} now
     */
    words({ state, until, hourless }, now) {
      if (hourless || (state !== "open" && state !== "soon")) return "";
      const { day, minute } = wallClock(moment);
      const values = {
        day: tools.dayText(day, tools.spoken()),
        time: clockText(minute),
        end: until && until - moment <= DAY_MS ? clockText(wallClock(until).minute || 24 * 60) : "",
      };
      if (day === wallClock(now).day) {
        return values.end ? t("Open at %(time)s, until %(end)s", values) : t("Open at %(time)s", values);
      }
      return values.end
        ? t("Open on %(day)s at %(time)s, until %(end)s", values)
        : t("Open on %(day)s at %(time)s", values);
    },
  };
}

/** @param {string} asked @param {Tools} tools */
function momentOf(asked, { instantOf }) {
  const minutes = /^PT(\d+)M$/.exec(asked)?.[1];
  if (minutes) return Math.floor(Date.now() / STEP_MS) * STEP_MS + Number(minutes) * MINUTE_MS;
  if (/(?:Z|[+-]\d\d:?\d\d)$/.test(asked.slice(10))) return Date.parse(asked);
  const [hour, minute] = asked.slice(11).split(":").map(Number);
  return instantOf(asked.slice(0, 10), (hour ?? 0) * 60 + (minute ?? 0));
}
