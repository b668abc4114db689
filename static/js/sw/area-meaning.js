/**
 * What words mean that are typed about a kept area: a kind of help, alone or beside for whom and on which terms. By the
 * same rules as the server's (app/features/help_in_place.py, app/pages/said.py), but for towns, which are elsewhere.
 */
import { parseQuery, queryText, settled, withValues } from "../data/query.js";
import { askedOf, fits } from "./area-places.js";
import { helpNamed, wordsOf } from "./area-words.js";

/** @typedef {import("../data/query.js").Query} Query */
/**
 * @typedef {object} Meanings of words, folded (app/exports/kept/meanings.py)
 * @property {[codes: string[], words: string[]][]} help
 * @property {string[]} unclear codes beside which a condition may mean what no device keeps
 * @property {Record<string, [kind: string, code: string]>} conditions
 * @property {string[]} nothing words that say nothing
 * @property {string[]} general words that name no help of their own beside another one
 */
/** @typedef {import("./area-words.js").Word} Word */

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
  const words = wordsOf(query.get("q")?.[0] ?? "");
  if (!meanings || query.has("as") || !words.length || words.length > MOST_WORDS) return null;
  const bare = withValues(query, "q", []);
  const alone = helpNamed(meanings, words) ?? helpAmong(meanings, words);
  if (alone) return withValues(bare, "service", alone);
  const { rest, conditions } = withoutConditions(meanings, words);
  const help = conditions.length ? helpAmong(meanings, telling(meanings, rest)) : null;
  if (!help || help.some((code) => meanings.unclear.includes(code))) return null;
  return asFarAsFound(area, bare, withValues(bare, "service", help), conditions, now);
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

/** The words that are left, and what the others say, the longest phrases first.
 * @param {Meanings} meanings
 * @param {Word[]} words
 */
function withoutConditions({ conditions: known }, words) {
  const rest = [...words];
  /** @type {[string, string][]} */
  const conditions = [];
  for (let length = Math.min(LONGEST_CONDITION, words.length - 1); length > 0; length -= 1) {
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
 * The question with what was merely said: without the fewest of it where it finds nothing, which its page says.
 * @param {import("./area-places.js").Area} area
 * @param {Query} chosen before the words were typed
 * @param {Query} helped with the help that they name
 * @param {[string, string][]} conditions
 * @param {number} now
 * @returns {Query}
 */
function asFarAsFound(area, chosen, helped, conditions, now) {
  let said = helped;
  for (const [kind, code] of conditions) {
    if (kind === "open") said = said.has("open_at") ? said : withValues(said, "open_at", ["now"]);
    else said = withValues(said, kind, [...new Set([...(said.get(kind) ?? []), code])]);
  }
  const finds = (/** @type {Query} */ query) => {
    const asked = askedOf(area, queryText(query), now);
    return !asked || area.features.some((place) => fits(area, place, asked));
  };
  if (finds(said)) return said;
  let wider = said;
  /** @type {string[]} */
  const leftOut = [];
  for (const kind of ["audience", "access", "language"]) {
    const had = chosen.get(kind) ?? [];
    const merely = (said.get(kind) ?? []).filter((code) => !had.includes(code));
    if (!merely.length) continue;
    wider = withValues(wider, kind, had);
    leftOut.push(...merely);
    if (finds(wider)) return new Map([...wider, ["left_out", leftOut.sort()]]);
  }
  return said;
}
