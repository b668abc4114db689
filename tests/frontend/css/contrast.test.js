import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { STATIC } from "../../../static/build/paths.mjs";

const sheet = readFileSync(join(STATIC, "css", "tokens.css"), "utf8");
const [lightPart, darkPart] = sheet.split("@media (prefers-color-scheme: dark)");
const light = tokensOf(lightPart);
const schemes = { light, dark: { ...light, ...tokensOf(darkPart) } };

const FAMILIES = ["food", "shelter", "health", "law", "support", "learning"];
const SOFT = ["accent-soft", "open-soft", "soon-soft", "danger-soft"];

/** What is read: 4.5. Each with the surfaces on which it stands. */
const TEXT = [
  ["ink", ["paper", "ground", "sunken", ...SOFT, "mark-add", "mark-del"]],
  ["ink-2", ["paper", "ground", "sunken"]],
  ["accent", ["paper", "accent-soft"]],
  ["accent-deep", ["paper", "accent-soft"]],
  ["on-accent", ["accent", "accent-deep"]],
  ["open", ["paper", "open-soft", "accent-soft"]],
  ["soon", ["paper", "soon-soft", "accent-soft"]],
  ["danger", ["paper", "danger-soft"]],
  ["on-danger", ["danger"]],
  ["on-soon", ["soon-fill"]],
  ["on-family", FAMILIES],
  ["map-label", ["map-land", "map-built", "map-wood", "map-water"]],
];

/** What is seen: 3. */
const SHAPES = [
  ["edge", ["paper", "ground", "sunken"]],
  ["focus", ["paper", "map-land", "map-water"]],
  ["focus-gap", ["accent"]],
  ...FAMILIES.map((family) => [family, ["paper", "map-land"]]),
];

/** Figures of the look, so that a change of a token is noticed even where it still passes. */
const KNOWN = {
  light: [
    ["ink", "paper", 17.3],
    ["edge", "sunken", 3.8],
    ["accent", "paper", 7.4],
    ["open", "open-soft", 6.1],
    ["soon", "soon-soft", 6.3],
    ["danger", "paper", 6.8],
    ["food", "paper", 5.5],
    ["map-label", "map-water", 6.1],
  ],
  dark: [
    ["ink", "paper", 15.2],
    ["edge", "sunken", 4.6],
    ["accent", "paper", 8.5],
    ["open", "open-soft", 8.5],
    ["soon", "soon-soft", 9.1],
    ["danger", "paper", 8.5],
    ["food", "paper", 8.6],
    ["map-label", "map-water", 7.5],
  ],
};

for (const [scheme, tokens] of Object.entries(schemes)) {
  describe(`contrast, ${scheme}`, () => {
    for (const [table, least] of [
      [TEXT, 4.5],
      [SHAPES, 3],
    ]) {
      for (const [front, backs] of table) {
        it(`${front} is at least ${least} on ${backs.join(", ")}`, () => {
          for (const back of backs) {
            const ratio = contrast(tokens[front], tokens[back]);
            assert.ok(ratio >= least, `${front} on ${back}: ${ratio.toFixed(2)}`);
          }
        });
      }
    }
    it("is what the look says", () => {
      for (const [front, back, ratio] of KNOWN[scheme]) {
        assert.equal(contrast(tokens[front], tokens[back]).toFixed(1), ratio.toFixed(1), `${front} on ${back}`);
      }
    });
  });
}

function tokensOf(css) {
  return Object.fromEntries(
    [...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** WCAG 2 contrast ratio of two colours. */
function contrast(a, b) {
  assert.ok(a && b, "a token is missing");
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex) {
  const full = hex.length === 4 ? `#${[...hex.slice(1)].map((c) => c + c).join("")}` : hex;
  const [r, g, b] = [1, 3, 5].map((i) => {
    const channel = Number.parseInt(full.slice(i, i + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
