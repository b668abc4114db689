/**
 * Texts of the interface in the language of the page. Message ids are the English texts, as on the server; the build
 * writes one small file a language with the messages that occur in `t("…")` and `tn("…", "…", n)` of these modules.
 */

/** @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} Messages */

let language = "en";
/** @type {Messages} */
let messages = {};
/** @type {Intl.PluralRules | null} */
let rules = null;
/** Made for the first number that is not written as in every language: it takes a cheap phone a tenth of a second. @type {Intl.NumberFormat | null} */
let numbers = null;

/**
 * Set the language and its messages for all modules of the page.
 * @param {string} lang
 * @param {Messages} texts
 */
export function speak(lang, texts) {
  language = lang;
  messages = texts;
  rules = null;
  numbers = null;
}

/**
 * Fetch the messages and speak them. Where they cannot be had, the page goes on in English words with the numbers,
 * plurals and dates of its own language.
 * @param {string} lang
 * @param {string | undefined} url
 */
export async function loadMessages(lang, url) {
  /** @type {Messages} */
  let texts = {};
  if (url) {
    try {
      const answer = await fetch(url);
      if (answer.ok) texts = (await answer.json()).messages;
    } catch {
      // The words stay English; everything else works.
    }
  }
  speak(lang, texts);
}

/** The language that is spoken now. */
export function spoken() {
  return language;
}

/**
 * The message in the language of the page, its `%(name)s` filled in.
 * @param {string} message
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(message, values) {
  const text = messages[message];
  return insert(typeof text === "string" && text ? text : message, values);
}

/**
 * The form of the message for `n`, which is also filled in as `%(n)s`, written as the language writes numbers.
 * @param {string} one
 * @param {string} other
 * @param {number} n
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function tn(one, other, n, values) {
  const forms = messages[one];
  rules ??= new Intl.PluralRules(language);
  const category = rules.select(n);
  const text = typeof forms === "object" ? (forms[category] ?? forms.other) : undefined;
  return insert(text || (n === 1 ? one : other), { n: written(n), ...values });
}

/** @param {number} n */
function written(n) {
  if (Number.isInteger(n) && n >= 0 && n < 1000) return String(n);
  numbers ??= new Intl.NumberFormat(language);
  return numbers.format(n);
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} [values]
 */
function insert(text, values) {
  if (!values) return text;
  return text.replace(/([„“«]?)%\((\w+)\)s([”“»]?)/g, (whole, begins, name, ends) =>
    name in values ? begins + String(values[name]).replace(QUOTED, INNER[begins + ends] ?? "$&") + ends : whole,
  );
}

const QUOTED = /[„“«"]([^„“”«»"]*)[”“»"]/g;
/** What is quoted inside of marks, as app/i18n/inner_quotes.py has it. @type {Record<string, string>} */
const INNER = { "„”": "«$1»", "„“": "‚$1‘", "“”": "‘$1’", "«»": "„$1“" };
