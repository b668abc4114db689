/**
 * The finder's list and panel for a question about a kept area: as the server wrote them for all of it
 * (templates/finder/results.html, panel_form.html), with other rows, numbers and ticks. Text in, text out: a worker has
 * no document. All words are the server's or ours; what somebody typed is escaped.
 */
import { clockText, dayText } from "../data/format.js";
import { distanceM, parsePosition, walkMinutes } from "../data/geo.js";
import { openingAt } from "../data/opening.js";
import { kindOfMoment, parseQuery, queryText, settled, toggled, withValues } from "../data/query.js";
import { boxOf } from "../data/ring.js";
import { thenOf } from "../data/then.js";
import { instantOf, wallClock } from "../data/zone.js";
import { spoken, t, tn } from "../i18n.js";
import { inOrder } from "./area-order.js";
import { askedOf, counting, fits, runners } from "./area-places.js";
import { escaped, rowNow } from "./area-signs.js";

/** @typedef {import("./area-places.js").Area} Area */
/** @typedef {import("./area-places.js").Place} Place */
/** @typedef {import("../data/query.js").Query} Query */
/**
 * @typedef {object} KeptFinder
 * @property {Area} area
 * @property {string} first the list of all of it, its first part
 * @property {string} panel
 * @property {Map<string, string>} rows by id, in the order of the list
 * @property {string} path of the finder
 */

const PAGE_SIZE = 25;
/** So many organisations are offered. */
const MOST_RUNNERS = 8;
const COUNT = /<h1 id="count"[^>]*>[\s\S]*?<\/h1>/;
const BOUNDS = / data-bounds="[^"]*"/;
const TAG = /<a class="tag"[^>]*>([\s\S]*?)(<svg[\s\S]*?<\/a>)/;
/** The note on unknown hours, the rows or what is said where there are none: all up to what follows the list. */
const ROWS = /(?:<p class="sheet-note"|<ol|<div class="blank")[\s\S]*?(?=<div class="more">)/;
const ORDERS = /(<select id="order"[^>]*>)([\s\S]*?)(?=<\/select>)/;
const TURNS = /<a [^>]*rel="(?:next|prev)"[\s\S]*?<\/a>/g;
const MORE = '<div class="more">';
const TICK =
  /(<label class="tick"[^>]*><input type="(?:checkbox|radio)" name="([^"]*)" value="([^"]*)")( checked)?>([\s\S]*?)<\/label>/g;
const RUNS = /(<div class="runs">)[\s\S]*?(?=<\/div>)/;
const NUMBER = /<span class="count">[^<]*<\/span>/;
/** What the server says where it could not count in time: here everything is counted. */
const UNCOUNTED = /<p [^>]*data-uncounted>[\s\S]*?<\/p>/;
const WORDS = /<span class="words"[^>]*>([\s\S]*?)<\/span>/;
const FOLD = /<details class="fold"(?: open)?>([\s\S]*?<summary>)([\s\S]*?)(<\/summary>)([\s\S]*?<\/details>)/g;
const BADGE = /<span class="badge-count">[^<]*<\/span>/;
/** What is a word of its own in a list of what is set. */
const SET = [
  ...["q", "within", "organisation", "open_at", "hours", "checked_since"],
  ...["access", "audience", "audience_mode", "language", "service"],
];
const NEVER_TAGS = new Set(["now", "family"]);

/**
 * The part of the page with the list; `null` for a question that cannot be answered here, or a page after the last one.
 * @param {KeptFinder} kept
 * @param {string} search
 * @param {number} now
 */
export function listPart(kept, search, now) {
  const { area, first, rows, path } = kept;
  const asked = askedOf(area, search, now);
  if (!asked) return null;
  const query = settled(parseQuery(search));
  const then = momentAsked(query);
  const listed = listedPlaces(kept);
  const { sort, places: found } = inOrder(
    listed.filter((place) => fits(area, place, asked)),
    area,
    query,
    asked,
    now,
  );
  const page = Number(query.get("page")?.[0] ?? 1);
  const begin = (page - 1) * PAGE_SIZE;
  const shown = found.slice(begin, begin + PAGE_SIZE);
  if (begin > 0 && !shown.length) return null;
  const href = (/** @type {Query} */ other) => escaped(`${path}?${queryText(other)}`);
  const turn = (/** @type {number} */ to) =>
    href(to > 1 ? withValuesOnly(query, "page", String(to)) : withValues(query, "page", []));
  const next = Math.min(PAGE_SIZE, found.length - begin - shown.length);
  const unknown =
    asked.open_at === null || asked.unknown ? [] : listed.filter((p) => fits(area, p, { ...asked, unknown: true }));
  const start = begin ? ` start="${begin + 1}"` : "";
  const inside = shown.length
    ? `<ol${start}>${shown.map((place) => rowNow(rows.get(place.id) ?? "", area, place, now, then)).join("")}</ol>`
    : blank(listed.length, href(onlyArea(query)), query.has("q") ? (area.notes?.words ?? "") : "");
  const turns = [
    next > 0 &&
      `<a class="button second wide" href="${turn(page + 1)}" rel="next" data-ask>${tn("Show the next %(n)s place", "Show the next %(n)s places", next)}</a>`,
    next <= 0 &&
      `<p class="meta">${t("Places with a protected address, and some others, are never kept on a device. With internet there may be more.")}</p>`,
    page > 1 && `<a class="quiet" href="${turn(page - 1)}" rel="prev" data-ask>${t("Back to the places before")}</a>`,
  ];
  const note =
    unknown.length && shown.length ? unknownNote(unknown.length, href(withValues(query, "hours", ["unknown"]))) : "";
  const leftOut = found.length ? leftOutNote(kept, query) : "";
  return first
    .replace(COUNT, (old) => heading(old, found.length, setWords(kept, query, now), query, asked.drawn))
    .replace(TAG, (tag, _, end) => tag + tagsOf(kept, query, end, now))
    .replace(/ data-sort="\w*"/, () => ` data-sort="${escaped(sort)}"`)
    .replace(ORDERS, (_, begin, orders) => begin + ordersOf(orders, query, sort))
    .replace(ROWS, () => note + leftOut + inside)
    .replace(TURNS, "")
    .replace(MORE, () => MORE + turns.filter(Boolean).join(""));
}

/** Only what is both in the list and among the places: both were asked for one after the other.
 * @param {KeptFinder} kept
 */
export function listedPlaces({ area, rows }) {
  const places = new Map(area.features.map((place) => [place.id, place]));
  return [...rows.keys()].flatMap((id) => places.get(id) ?? []);
}

/**
 * The form of the filters, with the counts and ticks of a question; `null` as above.
 * @param {KeptFinder} kept
 * @param {string} search
 * @param {number} now
 */
export function panelPart(kept, search, now) {
  const listed = { ...kept.area, features: listedPlaces(kept) };
  const asked = askedOf(listed, search, now);
  if (!asked) return null;
  const query = settled(parseQuery(search));
  const count = counting(listed, asked, now);
  const [moment = ""] = query.get("open_at") ?? [];
  const on = (/** @type {string} */ name, /** @type {string} */ value) => {
    if (name === "open_at") return kindOfMoment(moment) === value;
    if (name === "checked_since") return (query.get(name)?.[0] ?? "") === value;
    return query.get(name)?.includes(value) ?? false;
  };
  const total = listed.features.filter((place) => fits(listed, place, asked)).length;
  return chosenMoment(kept.panel, moment)
    .replace(UNCOUNTED, "")
    .replace(TICK, (_, begin, name, value, __, rest) => {
      const asks =
        name === "open_at" && (value === "in" || value === "at") ? momentIn(kept.panel, value, moment) : value;
      const n = name === "area" ? total : count(name, asks);
      const written = n === null ? "" : new Intl.NumberFormat(spoken()).format(n);
      const words = rest.replace(NUMBER, "").trimEnd();
      const number = written && ` <span class="count">${written}</span>`;
      const row = `${begin}${on(name, value) ? " checked" : ""}>${words}${number}</label>`;
      const [drawn = ""] = query.get("within") ?? [];
      if (name === "area" && drawn) return row + tick("checkbox", ["within", drawn], t("Drawn area"), true, total);
      if (name !== "open_at" || value !== "now" || !asked.near) return row;
      const arrival = t("When I get there on foot");
      return row + tick("radio", [name, "arrival"], arrival, on(name, "arrival"), count(name, "arrival"));
    })
    .replace(RUNS, (_, begin) => begin + runnersTicks(listed, asked.organisation, count))
    .replace(FOLD, (_, begin, words, end, inside) => {
      const n = inside.match(/ checked>/g)?.length ?? 0;
      const badge = n ? `<span class="badge-count">${n}</span>` : "";
      return `<details class="fold"${n ? " open" : ""}>${begin}${words.replace(BADGE, "").replace("</span>", `</span>${badge}`)}${end}${inside}`;
    })
    .replace(/(data-count-button>)[^<]*/, (_, begin) => begin + tn("Show %(n)s place", "Show %(n)s places", total));
}

/**
 * A choice that the panel of the whole area does not have.
 * @param {"checkbox" | "radio"} type
 * @param {[name: string, value: string]} field
 * @param {string} words as HTML
 * @param {boolean} isOn
 * @param {number | null} n
 */
function tick(type, [name, value], words, isOn, n) {
  const count = `<span class="count">${new Intl.NumberFormat(spoken()).format(n ?? 0)}</span>`;
  return `<label class="tick"><input type="${type}" name="${name}" value="${escaped(value)}"${isOn ? " checked" : ""}><span class="words">${words}</span> ${count}</label>`;
}

/**
 * Who runs most of what is left, whoever is chosen, and that one (app/pages/panel_counts.py).
 * @param {Area} area
 * @param {string} chosen
 * @param {(name: string, value: string) => number | null} count
 */
function runnersTicks(area, chosen, count) {
  const name = "organisation";
  const all = [...runners(area)].map(([id, words]) => ({ id, words, n: count(name, id) ?? 0 }));
  const most = all
    .filter(({ n }) => n)
    .sort((a, b) => b.n - a.n)
    .slice(0, MOST_RUNNERS);
  const other = all.filter(({ id }) => id === chosen && !most.some((one) => one.id === id));
  return [{ id: "", words: t("All of them"), n: count(name, "") }, ...other, ...most]
    .map(({ id, words, n }) => tick("radio", [name, id], escaped(words), id === chosen, n))
    .join("");
}

/** @param {Query} query @param {string} key @param {string} value */
function withValuesOnly(query, key, value) {
  return new Map([...withValues(query, key, []), [key, [value]]]);
}

/** @param {Query} query @returns {Query} */
function onlyArea(query) {
  return new Map([["area", query.get("area") ?? []]]);
}

/** @param {number} all @param {string} href @param {string} note */
function blank(all, href, note) {
  const back = tn("Show %(n)s place", "Show %(n)s places", all);
  const said = note && `<p>${escaped(note)}</p>`;
  return `<div class="blank"><h2>${t("No places match")}</h2>${said}<p><a class="button second" href="${href}" data-ask>${back}</a></p></div>`;
}

/** @param {number} n @param {string} href */
function unknownNote(n, href) {
  const words = tn(
    "%(n)s place with hours not known: ask before you go.",
    "%(n)s places with hours not known: ask before you go.",
    n,
  );
  return `<p class="sheet-note"><span>${words} <a href="${href}" data-ask>${t("Show them")}</a></span></p>`;
}

/** What was said beside the help that no place says of itself, and when nothing is open (area-meaning.js). @param {KeptFinder} kept @param {Query} query */
function leftOutNote(kept, query) {
  const codes = query.get("left_out") ?? [];
  const quoted = (/** @type {string} */ code) => t("“%(words)s”", { words: escaped(code.slice(1)) });
  const name = (/** @type {string} */ code) =>
    // What was not understood is no code.
    code.startsWith("~")
      ? quoted(code)
      : (["audience", "access", "language"].map((kind) => panelWords(kept, kind, code)).find(Boolean) ?? escaped(code));
  const times = codes.filter((code) => code.startsWith("@"));
  const others = codes.filter((code) => !code.startsWith("@"));
  return (
    noteOf(kept.area.notes?.left_out, others.map(name)) + noteOf(kept.area.notes?.left_out_times, times.map(quoted))
  );
}

/** @param {string | undefined} note @param {string[]} names as HTML */
function noteOf(note, names) {
  if (!note || !names.length) return "";
  return `<p class="sheet-note"><span>${escaped(note).replace("{words}", () => names.join(", "))}</span></p>`;
}

/** The choices of an order, with those that a point and words add. @param {string} orders @param {Query} query @param {string} sort */
function ordersOf(orders, query, sort) {
  const isFrom = query.has("near") || query.has("bbox");
  const more = [
    ...(isFrom
      ? [
          ["near", t("nearest")],
          ["best", t("near and checked lately")],
        ]
      : []),
    ...(query.has("q") ? [["match", t("best match")]] : []),
  ];
  if (!orders.includes(`"${sort}"`) && !more.some(([value]) => value === sort)) more.push([sort, t("as in the table")]);
  return (more.map(([value, words]) => `<option value="${value}">${words}</option>`).join("") + orders)
    .replaceAll(" selected", "")
    .replace(`value="${escaped(sort)}"`, "$& selected");
}

/**
 * @param {string} old
 * @param {number} n
 * @param {string[]} set
 * @param {Query} query
 * @param {import("../data/geo.js").Position[] | null} drawn
 */
function heading(old, n, set, query, drawn) {
  const places = tn("%(n)s place", "%(n)s places", n);
  const area = drawn ? ` data-bounds="${boxOf(drawn)}"` : (BOUNDS.exec(old)?.[0] ?? "");
  const bounds = query.has("bbox") ? "" : area;
  const all = set.length ? `<span class="hush">: ${set.join(", ")}</span>` : "";
  const title = escaped(t("Find help: %(places)s", { places }));
  return `<h1 id="count" tabindex="-1" data-title="${title}" data-count="${escaped(places)}"${bounds}>${places}${all}</h1>`;
}

/** The words of everything that is set, as HTML. @param {KeptFinder} kept @param {Query} query @param {number} now */
function setWords(kept, query, now) {
  const words = setValues(query).map(([name, value]) => label(kept, name, value, now));
  return [TAG.exec(kept.first)?.[1] ?? "", ...words].filter(Boolean);
}

/** What is set beside the area. @param {Query} query @returns {[string, string][]} */
function setValues(query) {
  return SET.flatMap((name) => (query.get(name) ?? []).map((value) => /** @type {[string, string]} */ ([name, value])));
}

/**
 * What takes away what no chip shows.
 * @param {KeptFinder} kept
 * @param {Query} query
 * @param {string} end of a tag
 * @param {number} now
 */
function tagsOf(kept, query, end, now) {
  return setValues(query)
    .filter(([, value]) => !NEVER_TAGS.has(value.split(":")[0] ?? ""))
    .map(([name, value]) => {
      const without = name === "q" ? withValues(query, name, []) : toggled(query, name, value);
      const href = escaped(`${kept.path}?${queryText(without)}`);
      return `<a class="tag" href="${href}" data-ask>${label(kept, name, value, now)}${end}`;
    })
    .join("");
}

/**
 * How a choice is called, as HTML: as in the panel.
 * @param {KeptFinder} kept
 * @param {string} name
 * @param {string} value
 * @param {number} now
 */
function label(kept, name, value, now) {
  if (name === "q") return t("“%(words)s”", { words: escaped(value) });
  if (name === "hours") return t("Hours not known");
  if (name === "within") return t("Drawn area");
  if (name === "organisation") return escaped(runners(kept.area).get(value) ?? "");
  if (value === "arrival") return t("Open when I get there on foot");
  const then = name === "open_at" && momentAsked(new Map([[name, [value]]]));
  if (then) return todayWords(value, then.moment, now) ?? then.words({ state: "open" }, now);
  // The tick of a group is called "All of this", which is a name only below that of the group.
  const group = name === "service" && kept.area.names?.[value];
  return group ? escaped(group) : (panelWords(kept, name, value) ?? escaped(value));
}

/** A day that is today, by its name (app/pages/views/filter_words.py). @param {string} value @param {number} moment @param {number} now */
function todayWords(value, moment, now) {
  const { day, minute } = wallClock(moment);
  if (!/^\d/.test(value) || day !== wallClock(now).day) return undefined;
  return t("Open today at %(time)s", { time: clockText(minute) });
}

/** What the panel calls a choice, as HTML. @param {KeptFinder} kept @param {string} name @param {string} value */
function panelWords({ panel }, name, value) {
  for (const [, , inName, inValue, , rest] of panel.matchAll(TICK))
    if (inName === name && inValue === value) return WORDS.exec(rest ?? "")?.[1] ?? "";
  return undefined;
}

/** The moment that is asked about, where it is not now, as the finder's own pins know it. @param {Query} query */
function momentAsked(query) {
  if (!/^[aP\d]/.test(`${query.get("open_at")}`)) return null;
  const words = { t, spoken, clockText, dayText };
  return thenOf(query, { ...words, wallClock, instantOf, openingAt, parsePosition, distanceM, walkMinutes });
}

/** @param {string} panel @param {string} moment of the question: the lists show it */
function chosenMoment(panel, moment) {
  const minutes = /^PT(\d+)M$/.exec(moment)?.[1];
  const [, day, hour] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(moment) ?? [];
  let chosen = panel;
  for (const [name, value] of [
    ["open_in", minutes],
    ["open_day", day],
    ["open_hour", hour],
  ]) {
    if (!value) continue;
    chosen = chosen.replace(new RegExp(`<select name="${name}"[\\s\\S]*?</select>`), (list) =>
      list.replaceAll(" selected", "").replace(`value="${value}"`, `value="${value}" selected`),
    );
  }
  return chosen;
}

/** The moment that the lists of the panel show. @param {string} panel @param {"in" | "at"} kind @param {string} moment */
function momentIn(panel, kind, moment) {
  if (kindOfMoment(moment) === kind) return moment;
  const selected = (/** @type {string} */ name) =>
    new RegExp(`<select name="${name}"[\\s\\S]*?value="([^"]*)" selected`).exec(panel)?.[1] ?? "";
  return kind === "in" ? `PT${selected("open_in")}M` : `${selected("open_day")}T${selected("open_hour")}`;
}
