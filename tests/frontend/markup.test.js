import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { STATIC } from "../../static/build/paths.mjs";

const folder = join(STATIC, "js");
const scripts = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith(".js"))
  .map((name) => [name, readFileSync(join(folder, name), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")]);

/** Ways by which text becomes markup, or code. */
const SINKS =
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|srcdoc|setHTMLUnsafe|parseHTMLUnsafe|eval)\b|document\.write|new Function\b|bindPopup|bindTooltip|divIcon|DivIcon/;

it("never makes markup of text", () => {
  for (const [name, code] of scripts) assert.doesNotMatch(code, SINKS, name);
});

it("parses as a document only what our own server wrote for our own page", () => {
  const parsing = scripts.filter(([, code]) => code.includes("DOMParser")).map(([name]) => name.replaceAll("\\", "/"));
  const ours = [
    "finder/details.js",
    "finder/results.js",
    "form/already.js",
    "form/preview.js",
    "form/still-wrong.js",
    "lists/rows.js",
    "sw/kept-list.js",
    "table/filters.js",
  ];
  assert.deepEqual(parsing.sort(), ours);
});

it("gives a pop-up nodes", () => {
  const using = scripts.filter(([, code]) => code.includes("setContent(")).map(([name]) => name.replaceAll("\\", "/"));
  assert.deepEqual(using, ["map/brief.js"]);
});

it("sets no style as text, which the policy would refuse", () => {
  // A number may be written with its unit; that style is no style of an element.
  for (const [name, code] of scripts)
    assert.doesNotMatch(code, /setAttribute\(\s*"style"|\bstyle:\s*["'`](?!unit")|cssText/, name);
});

it("asks nobody but our own server", () => {
  // A namespace is no address, and the credit of the names is a link for people to follow.
  const elsewhere = /["'`]https?:\/\/(?!www\.w3\.org\/2000\/svg|www\.geonames\.org\/")/;
  for (const [name, code] of scripts) assert.doesNotMatch(code, elsewhere, name);
});
