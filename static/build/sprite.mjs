/**
 * One SVG file with every icon that the product uses: those of the interface, those of the kinds of help, and our own six
 * shapes. A name that does not exist stops the build.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MODULES, STATIC, TAXONOMY, writeHashed } from "./paths.mjs";

/** Vocabularies whose icons are drawn. The others name icons for other programs; here they stay in words. */
const DRAWN = ["families.toml", "services.toml"];
const ICON_LINE = /^\s*icon\s*=\s*"([a-z0-9-]+)"/gm;

/** @param {string} folder @returns {Promise<import("./paths.mjs").Built[]>} */
export async function sprite(folder) {
  const ui = JSON.parse(await readFile(join(STATIC, "build", "icons.json"), "utf8"));
  const names = new Set([...ui, ...(await vocabularyIcons())]);
  const icons = await Promise.all([...names].sort().map(symbolOf));
  const shapes = await readFile(join(STATIC, "img", "shapes.svg"), "utf8");
  const own = (shapes.match(/<symbol[\s\S]*?<\/symbol>/g) ?? []).map((symbol) => symbol.replace(/\s*\n\s*/g, ""));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${own.join("")}${icons.join("")}</svg>`;
  return [await writeHashed(folder, "sprite.svg", svg)];
}

/** @returns {Promise<string[]>} */
export async function vocabularyIcons() {
  const texts = await Promise.all(DRAWN.map((file) => readFile(join(TAXONOMY, file), "utf8").catch(() => "")));
  return texts.flatMap((text) => [...text.matchAll(ICON_LINE)].map(([, name]) => name ?? ""));
}

/** @param {string} name */
async function symbolOf(name) {
  const svg = await readFile(join(MODULES, "lucide-static", "icons", `${name}.svg`), "utf8");
  const inside = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "");
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${shorter(inside)}</symbol>`;
}

/** All paths of an icon as one, and no space that says nothing.
 * @param {string} inside
 */
export function shorter(inside) {
  /** @type {string[]} */
  const paths = [];
  const rest = inside
    .replace(/<path\s+d="([^"]*)"\s*\/>/g, (_, d) => {
      paths.push(absoluteStart(d));
      return "";
    })
    .replace(/\s*\n\s*/g, "")
    .replace(/\s+\/>/g, "/>");
  return rest + (paths.length ? `<path d="${paths.join("")}"/>` : "");
}

/** A path that begins absolutely, so that it may stand behind another one. Pairs after the first are lines.
 * @param {string} d
 */
function absoluteStart(d) {
  if (!d.startsWith("m")) return d;
  const [, start = "", rest = ""] = /^m\s*(-?[\d.]+(?:\s*,\s*|\s+|(?=-))-?[\d.]+)([\s\S]*)$/.exec(d) ?? [];
  if (!start) throw new Error(`cannot read the path ${d}`);
  return `M${start}${/^[\s,]*[-\d.]/.test(rest) ? `l${rest.trimStart()}` : rest}`;
}
