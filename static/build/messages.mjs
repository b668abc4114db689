/**
 * The messages of our scripts in each language, out of the server's catalogues: only those that occur in `t("…")` and
 * `tn("…", "…", n)`, plural forms by the category of `Intl.PluralRules`.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LANGUAGES, LOCALE, STATIC, writeHashed } from "./paths.mjs";
import { readCatalogue } from "./po.mjs";

const STRING = String.raw`"((?:[^"\\]|\\.)*)"`;
const CALLS = [
  new RegExp(String.raw`\bt\(\s*${STRING}`, "g"),
  new RegExp(String.raw`\btn\(\s*${STRING}\s*,\s*${STRING}`, "g"),
];
const ANY_CALL = /\btn?\(\s*(?!["@{})\s*/])/;

/** @param {string} folder @returns {Promise<import("./paths.mjs").Built[]>} */
export async function messages(folder) {
  const used = await usedMessages();
  return Promise.all(
    LANGUAGES.map(async (lang) => {
      const catalogue = await readCatalogue(join(LOCALE, lang, "LC_MESSAGES", "messages.po"), lang);
      const texts = Object.fromEntries(
        [...used].sort().flatMap((id) => (says(catalogue.get(id), id) ? [[id, catalogue.get(id)]] : [])),
      );
      return writeHashed(folder, `messages/${lang}.json`, JSON.stringify({ lang, messages: texts }));
    }),
  );
}

/** Message ids of all scripts; of a plural the singular one, which is its key.
 * @returns {Promise<Set<string>>}
 */
export async function usedMessages() {
  /** @type {Set<string>} */
  const ids = new Set();
  const folder = join(STATIC, "js");
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".js")) continue;
    const text = (await readFile(join(folder, file), "utf8")).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    if (file !== "i18n.js" && ANY_CALL.test(text))
      throw new Error(`${file}: t and tn take texts as they are, not expressions`);
    for (const call of CALLS) for (const [, id] of text.matchAll(call)) ids.add(JSON.parse(`"${id}"`));
  }
  return ids;
}

/** Whether a translation says anything that the message id does not: English is its own translation.
 * @param {string | Record<string, string> | undefined} translation
 * @param {string} id
 */
function says(translation, id) {
  return (
    translation !== undefined && translation !== id && !(typeof translation === "object" && translation.one === id)
  );
}
