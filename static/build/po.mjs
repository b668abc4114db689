/** Reads a gettext catalogue: what is translated and not marked as fuzzy. */
import { readFile } from "node:fs/promises";

/** @typedef {Map<string, string | Record<string, string>>} Catalogue plural forms by category */

/**
 * @param {string} path
 * @param {string} lang
 * @returns {Promise<Catalogue>} empty where there is no file
 */
export async function readCatalogue(path, lang) {
  const text = await readFile(path, "utf8").catch(() => "");
  return parseCatalogue(text, lang);
}

/**
 * @param {string} text
 * @param {string} lang
 * @returns {Catalogue}
 */
export function parseCatalogue(text, lang) {
  /** @type {Catalogue} */
  const catalogue = new Map();
  const entries = text.split(/\n\s*\n/).map(readEntry);
  const header = entries.find(({ id }) => id === "")?.forms[0] ?? "";
  const categories = pluralCategories(header, lang);
  for (const { id, plural, forms, fuzzy } of entries) {
    if (!id || fuzzy || !forms[0]) continue;
    if (plural === null) catalogue.set(id, forms[0]);
    else if (forms.every(Boolean)) catalogue.set(id, byCategory(forms, categories));
  }
  return catalogue;
}

/** @param {string} block */
function readEntry(block) {
  /** @type {{ id: string | null, plural: string | null, forms: string[], fuzzy: boolean }} */
  const entry = { id: null, plural: null, forms: [], fuzzy: /^#,.*\bfuzzy\b/m.test(block) };
  /** @type {(text: string) => void} */
  let add = () => {};
  for (const line of block.split("\n")) {
    const [, key, index, quoted] = /^(?:(msgid_plural|msgid|msgstr)(?:\[(\d)\])?\s+)?(".*")\s*$/.exec(line) ?? [];
    if (quoted === undefined) continue;
    if (key === "msgid") {
      entry.id = "";
      add = (text) => {
        entry.id += text;
      };
    } else if (key === "msgid_plural") {
      entry.plural = "";
      add = (text) => {
        entry.plural += text;
      };
    } else if (key === "msgstr") {
      const at = Number(index ?? 0);
      entry.forms[at] = "";
      add = (text) => {
        entry.forms[at] += text;
      };
    }
    add(JSON.parse(quoted));
  }
  return entry;
}

/**
 * Which category of `Intl.PluralRules` each form of the catalogue is for.
 * @param {string} header
 * @param {string} lang
 * @returns {Map<number, Set<string>>}
 */
export function pluralCategories(header, lang) {
  const expression = /plural=([^;\n]+)/.exec(header)?.[1]?.trim() ?? "(n != 1)";
  if (!/^[n\d\s?:%<>=!&|()+-]+$/.test(expression)) throw new Error(`${lang}: not a plural rule: ${expression}`);
  const form = new Function("n", `return Number(${expression})`);
  const rules = new Intl.PluralRules(lang);
  /** @type {Map<number, Set<string>>} */
  const categories = new Map();
  for (let n = 0; n < 1000; n++) {
    const index = form(n);
    categories.set(index, (categories.get(index) ?? new Set()).add(rules.select(n)));
  }
  return categories;
}

/** @param {string[]} forms @param {Map<number, Set<string>>} categories */
function byCategory(forms, categories) {
  /** @type {Record<string, string>} */
  const result = {};
  for (const [i, form] of forms.entries()) for (const category of categories.get(i) ?? []) result[category] = form;
  // Fractions, which the catalogue has no form for.
  result.other ??= forms.at(-1) ?? "";
  return result;
}
