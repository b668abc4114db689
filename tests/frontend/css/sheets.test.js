import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { STATIC } from "../../../static/build/paths.mjs";

const folder = join(STATIC, "css");
const sheets = readdirSync(folder).map((name) => [
  name,
  readFileSync(join(folder, name), "utf8").replace(/\/\*[\s\S]*?\*\//g, ""),
]);

/** Where positions are physical: on a map and on a drawn sketch of one. */
const PHYSICAL = new Set(["map.css", "map-panes.css", "draw.css", "pins.css", "slip.css", "review.css"]);

it("mirrors by itself: no left and right but on maps", () => {
  for (const [name, css] of sheets) {
    if (PHYSICAL.has(name)) continue;
    const found = css.match(
      /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)[\w-]*|left|right|float:\s*(?:left|right)|text-align:\s*(?:left|right))\s*[:;]/gm,
    );
    assert.deepEqual(found, null, name);
  }
});

it("hides no left and right in four values or in a shadow", () => {
  // A tick is drawn of two edges, and is never mirrored.
  const drawn = new Set([...PHYSICAL, "ticks.css", "tokens.css"]);
  for (const [name, css] of sheets) {
    if (drawn.has(name)) continue;
    const found = [...css.matchAll(/(?:^|[\s;{])(margin|padding|inset|border-[a-z]+):\s*([^;]+);/g)].filter(
      ([, property, value]) => {
        const [a, b, c, d] = value.match(/(?:[^\s(]|\([^)]*\))+/g) ?? [];
        if (d === undefined) return false;
        return property === "border-radius" ? a !== b || c !== d : b !== d;
      },
    );
    assert.deepEqual(
      found.map(([all]) => all.trim()),
      [],
      name,
    );
    assert.doesNotMatch(css, /box-shadow:\s*(?:inset\s+)?-?[1-9]/, name);
  }
});

it("takes colours from the tokens only", () => {
  const allowed = new Set(["tokens.css", "slip.css", "print.css"]);
  for (const [name, css] of sheets) {
    if (allowed.has(name)) continue;
    // White and blue of the point "you are here" are the same in both schemes.
    const found = (css.match(/#[0-9a-f]{3,8}\b/gi) ?? []).filter(
      (colour) => !(name === "pins.css" && ["#fff", "#1450b4"].includes(colour)),
    );
    assert.deepEqual(found, [], name);
  }
});

it("asks nobody else for anything", () => {
  for (const [name, css] of sheets) assert.doesNotMatch(css, /url\(|https?:/, name);
});
