/** Words as the server's search index has them (geo/names.py, app/features/filters.py). */

const APOSTROPHES = /['’ʼ‘`´ʹʾʿ＇′]/g;
/** Letters that Unicode does not take apart into a base and a mark, and the Cyrillic ones that people exchange. @type {Record<string, string>} */
const LETTERS = {
  ...{ ł: "l", đ: "d", ø: "o", æ: "ae", œ: "oe", þ: "th", ð: "d", ħ: "h", ı: "i", ŋ: "n", ß: "ss" },
  ...{ ґ: "г", ё: "е", ѓ: "г", ѐ: "е", ѝ: "и", ς: "σ" },
};
const MOST_WORDS = 8;

/**
 * Small letters without Latin marks and apostrophes: `Łódź` is `lodz`, `Кам’янець` is `камянець`; й and ї stay.
 * @param {string} text
 * @returns {string[]} the first eight words
 */
export function foldWords(text) {
  const small = text.normalize("NFKC").toLowerCase().replace(APOSTROPHES, "");
  const bare = small
    .normalize("NFD")
    .replace(/(\p{Script=Latin})\p{M}+/gu, "$1")
    .normalize("NFC");
  const folded = [...bare].map((letter) => LETTERS[letter] ?? letter).join("");
  return (folded.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MOST_WORDS);
}
