import assert from "node:assert/strict";
import { it } from "node:test";
import { parseCatalogue, pluralCategories } from "../../../static/build/po.mjs";

const HEADERS = {
  pl: "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
  uk: "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
  ru: "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
  en: "nplurals=2; plural=(n != 1);",
  de: "nplurals=2; plural=(n != 1);",
  ro: "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2);",
};

it("gives every category of a language one form of the catalogue", () => {
  for (const [lang, header] of Object.entries(HEADERS)) {
    const categories = [...pluralCategories(header, lang).values()].flatMap((set) => [...set]);
    assert.equal(new Set(categories).size, categories.length, lang);
  }
});

it("reads texts over several lines, plurals, and leaves out what is fuzzy or empty", () => {
  const catalogue = parseCatalogue(
    `msgid ""\nmsgstr ""\n"Plural-Forms: ${HEADERS.pl}\\n"\n\n#: static/js/x.js:1\nmsgid "Open until %(time)s"\nmsgstr ""\n"Otwarte "\n"do %(time)s"\n\nmsgid "%(n)s place"\nmsgid_plural "%(n)s places"\nmsgstr[0] "%(n)s miejsce"\nmsgstr[1] "%(n)s miejsca"\nmsgstr[2] "%(n)s miejsc"\n\n#, fuzzy\nmsgid "Call"\nmsgstr "Zawołaj"\n\nmsgid "More"\nmsgstr ""\n`,
    "pl",
  );
  assert.deepEqual(Object.fromEntries(catalogue), {
    "Open until %(time)s": "Otwarte do %(time)s",
    "%(n)s place": { one: "%(n)s miejsce", few: "%(n)s miejsca", many: "%(n)s miejsc", other: "%(n)s miejsc" },
  });
});

it("evaluates nothing but a plural rule", () => {
  assert.throws(() => pluralCategories("plural=process.exit(1);", "pl"), /not a plural rule/);
});
