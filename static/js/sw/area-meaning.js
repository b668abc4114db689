/**
 * What words mean that are typed about a kept area: a kind of help, alone or beside for whom, on which terms and when. By the
 * same rules as the server's (app/features/help_in_place.py, app/pages/said.py), but for towns, which are elsewhere.
 */
import { parseQuery, queryText, settled, withValues } from "../data/query.js";
import { wallClock } from "../data/zone.js";
import { askedOf, fits } from "./area-places.js";
import { helpNamed, wordsOf } from "./area-words.js";
import { moments, saidTime } from "./said-times.js";

/** @typedef {import("../data/query.js").Query} Query */
/**
 * @typedef {object} Meanings of words, folded (app/exports/kept/meanings.py)
 * @property {[codes: string[], words: string[]][]} help
 * @property {string[]} unclear codes beside which a condition may mean what no device keeps
 * @property {Record<string, [kind: string, code: string]>} conditions
 * @property {string[]} nothing words that say nothing
 * @property {string[]} general words that name no help of their own beside another one
 * @property {string[]} [between] words before a town; a pack of a server before this one has no times
 * @property {import("./said-pieces.js").Times} [times]
 */
/** @typedef {import("./area-words.js").Word} Word */
/** @typedef {import("./said-times.js").SaidTime} SaidTime */

/** Longer text is no name of help; `foldWords` cuts off after eight. */
const MOST_WORDS = 7;
const LONGEST_CONDITION = 4;

/**
 * The question that is meant by the words of a question; `null` where they are words.
 * @param {import("./area-places.js").Area} area
 * @param {string} search
 * @param {number} now
 * @returns {Query | null}
 */
export function meantQuery(area, search, now) {
  const query = settled(parseQuery(search));
  const { meanings } = area;
  const typed = query.get("q")?.[0] ?? "";
  if (!meanings || query.has("as") || !typed) return null;
  const bare = withValues(query, "q", []);
  const words = wordsOf(typed);
  const isShort = words.length > 0 && words.length <= MOST_WORDS;
  const named = isShort ? helpNamed(meanings, words) : undefined;
  if (named) return withValues(bare, "service", named);
  return meantAtATime(area, bare, typed, now) ?? (isShort ? meantByWords(area, bare, words, now) : null);
}

/**
 * @param {import("./area-places.js").Area} area
 * @param {Query} bare without the words
 * @param {Word[]} words
 * @param {number} now
 * @param {SaidTime} [time] that stands beside them
 * @returns {Query | null}
 */
function meantByWords(area, bare, words, now, time) {
  const meanings = /** @type {Meanings} */ (area.meanings);
  const alone = helpNamed(meanings, words) ?? helpAmong(meanings, words);
  if (alone) return asFarAsFound(area, bare, { help: alone, time }, now);
  const { rest, conditions } = withoutConditions(meanings, words);
  const help = conditions.length ? helpAmong(meanings, telling(meanings, rest)) : null;
  if (!help || help.some((code) => meanings.unclear.includes(code))) return null;
  return asFarAsFound(area, bare, { help, conditions, time }, now);
}

/**
 * When somebody wants to come is no part of any name. A number that may be an hour is one where all else is understood.
 * @param {import("./area-places.js").Area} area
 * @param {Query} bare
 * @param {string} typed
 * @param {number} now
 */
function meantAtATime(area, bare, typed, now) {
  const meanings = /** @type {Meanings} */ (area.meanings);
  if (!meanings.times) return null;
  for (const onlySure of [false, true]) {
    const time = saidTime(typed, meanings.times, wallClock(now).day, onlySure);
    if (!time) continue;
    if (!time.rest && !time.isBare) return asFarAsFound(area, bare, { time }, now);
    const words = wordsOf(time.rest);
    if (!words.length || words.length > MOST_WORDS) continue;
    const meant = meantByWords(area, bare, words, now, time) ?? (time.sure ? gist(area, bare, words, now, time) : null);
    if (meant) return meant;
  }
  return null;
}

/**
 * Help by the longest name in a sentence that has other words, too; what is not understood is told.
 * @param {import("./area-places.js").Area} area
 * @param {Query} bare
 * @param {Word[]} words
 * @param {number} now
 * @param {SaidTime} time
 */
function gist(area, bare, words, now, time) {
  const meanings = /** @type {Meanings} */ (area.meanings);
  for (let length = words.length - 1; length > 0; length -= 1) {
    for (let first = 0; first + length <= words.length; first += 1) {
      const help = helpNamed(meanings, words.slice(first, first + length));
      if (!help) continue;
      const before = withoutConditions(meanings, words.slice(0, first), true);
      const behind = withoutConditions(meanings, words.slice(first + length), true);
      const { nothing, general, between = [] } = meanings;
      const saysNothing = [...nothing, ...general, ...between];
      const unread = [...before.rest, ...behind.rest].filter(
        (word) =>
          !saysNothing.includes(word.folded) && !helpNamed(meanings, [word])?.some((code) => help.includes(code)),
      );
      // Beside such words it may be a refuge.
      if (help.some((code) => meanings.unclear.includes(code))) return null;
      const conditions = [...before.conditions, ...behind.conditions];
      return asFarAsFound(
        area,
        bare,
        { help, conditions, time, unread: unread.map(({ spelt }) => spelt).join(" ") },
        now,
      );
    }
  }
  return null;
}

/** The same without words at the ends that say nothing, as few of these left out as can be.
 * @param {Meanings} meanings
 * @param {Word[]} words
 */
function helpAmong(meanings, words) {
  const saysNothing = (/** @type {Word | undefined} */ word) => !!word && meanings.nothing.includes(word.folded);
  for (let start = 0; start < words.length; start += 1) {
    for (let end = words.length; end > start; end -= 1) {
      const help = helpNamed(meanings, words.slice(start, end));
      if (help) return help;
      if (!saysNothing(words[end - 1])) break;
    }
    if (!saysNothing(words[start])) break;
  }
  return null;
}

/** @param {Meanings} meanings @param {Word[]} words */
function telling({ nothing, general }, words) {
  const saysNothing = ({ folded = "" } = {}) => nothing.includes(folded) || general.includes(folded);
  let [start, end] = [0, words.length];
  while (end > start && saysNothing(words[end - 1])) end -= 1;
  while (end > start && saysNothing(words[start])) start += 1;
  return words.slice(start, end);
}

/** The words that are left, and what the others say, the longest phrases first. All of the words are none, unless they are `ofMore`.
 * @param {Meanings} meanings
 * @param {Word[]} words
 * @param {boolean} [ofMore]
 */
function withoutConditions({ conditions: known }, words, ofMore = false) {
  const rest = [...words];
  /** @type {[string, string][]} */
  const conditions = [];
  for (let length = Math.min(LONGEST_CONDITION, words.length - (ofMore ? 0 : 1)); length > 0; length -= 1) {
    for (let at = 0; at + length <= rest.length; ) {
      const phrase = rest
        .slice(at, at + length)
        .map(({ folded }) => folded)
        .join(" ");
      const condition = Object.hasOwn(known, phrase) && known[phrase];
      if (!condition) at += 1;
      else {
        conditions.push(condition);
        rest.splice(at, length);
      }
    }
  }
  return { rest, conditions };
}

/**
 * The question with what was merely said: without the fewest of it where it finds nothing, which its page says. Of several
 * moments that may be meant the likeliest one that finds something.
 * @param {import("./area-places.js").Area} area
 * @param {Query} chosen before the words were typed
 * @param {{ help?: string[], conditions?: [string, string][], time?: SaidTime | undefined, unread?: string }} meant
 * @param {number} now
 * @returns {Query}
 */
function asFarAsFound(area, chosen, { help, conditions = [], time, unread = "" }, now) {
  let said = help ? withValues(chosen, "service", help) : chosen;
  for (const [kind, code] of conditions) {
    if (kind === "open") said = said.has("open_at") ? said : withValues(said, "open_at", ["now"]);
    else said = withValues(said, kind, [...new Set([...(said.get(kind) ?? []), code])]);
  }
  if (unread) said = withValues(withValues(said, "q", [unread]), "as", ["text"]);
  const times = area.meanings?.times;
  const asks = time && times ? moments(time, times, now).map((at) => withValues(said, "open_at", [at])) : [said];
  const first = asks[0] ?? said;
  // Who names no help wants to know what is open then.
  if (!said.has("service")) return first;
  const finds = (/** @type {Query} */ query) => {
    const asked = askedOf(area, queryText(query), now);
    return !asked || area.features.some((place) => fits(area, place, asked));
  };
  const found = asks.find(finds);
  if (found) return found;
  const timeless = withValues(said, "open_at", []);
  const wider = [
    ...(asks.length ? withoutEach(first, chosen, []) : []),
    ...(time
      ? [{ query: timeless, leftOut: [`@${time.words}`] }, ...withoutEach(timeless, chosen, [`@${time.words}`])]
      : []),
  ];
  const { query, leftOut } = wider.find((one) => finds(one.query)) ?? { query: first, leftOut: [] };
  return leftOut.length ? new Map([...query, ["left_out", leftOut.sort()]]) : query;
}

/** The question without a condition that was merely said, then without the next one as well, with what each leaves out.
 * @param {Query} said
 * @param {Query} chosen
 * @param {string[]} before what is left out already
 */
function withoutEach(said, chosen, before) {
  const made = [];
  let [query, leftOut] = [said, before];
  for (const kind of ["q", "audience", "access", "language"]) {
    const had = chosen.get(kind) ?? [];
    const merely = (said.get(kind) ?? []).filter((code) => !had.includes(code));
    if (!merely.length) continue;
    query = kind === "q" ? withValues(withValues(query, "q", []), "as", []) : withValues(query, kind, had);
    leftOut = [...leftOut, ...(kind === "q" ? merely.map((words) => `~${words}`) : merely)];
    made.push({ query, leftOut });
  }
  return made;
}
