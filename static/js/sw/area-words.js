/** Words that are typed about a kept area, and the help that they name (app/exports/kept/meanings.py). */
import { foldWords } from "../data/fold.js";

/** @typedef {import("./area-meaning.js").Meanings} Meanings */
/** @typedef {{ folded: string, spelt: string }} Word */

/** @param {string} typed @returns {Word[]} */
export function wordsOf(typed) {
  const folded = foldWords(typed);
  const spelt = typed.match(/[\p{L}\p{M}\p{N}_'’ʼ]+/gu) ?? [];
  // Where a word does not stand by itself as it was typed, only its folded form is known.
  const areSame = spelt.length === folded.length && folded.every((word, i) => foldWords(spelt[i] ?? "")[0] === word);
  return folded.map((word, i) => ({
    folded: word,
    spelt: areSame ? (spelt[i] ?? "").normalize("NFC").toLowerCase() : word,
  }));
}

/** The codes of the help that all of the words name. In Polish "leki" are medicines, and "lęki" fears.
 * @param {Meanings} meanings
 * @param {Word[]} words
 */
export function helpNamed({ help }, words) {
  const named = (/** @type {string} */ text) => help.find(([, known]) => known.includes(text))?.[0];
  return named(words.map(({ spelt }) => spelt).join(" ")) ?? named(words.map(({ folded }) => folded).join(" "));
}
