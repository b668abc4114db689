/** What a first visit weighs, against what it may. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DIST, weigh } from "./paths.mjs";

/** The finder's own share of the 200 KB in which a phone must have a usable map. */
const FINDER_BUDGET = 75 * 1024;

/** @returns {Promise<string>} */
export async function report() {
  const files = JSON.parse(await readFile(join(DIST, "details.json"), "utf8"));
  const lines = Object.entries(files).map(([name, { gzip, bytes }]) => row(name, gzip, bytes));
  const finder = files["finder.js"];
  const chunks = await Promise.all(finder.imports.map(async (path) => weigh(await readFile(join(DIST, path))).gzip));
  const total = [finder.gzip, ...chunks, files["main.css"].gzip, files["sprite.svg"].gzip].reduce((a, b) => a + b, 0);
  lines.push(row(`finder: script with ${chunks.length} chunks, sheet, sprite`, total));
  if (total > FINDER_BUDGET) lines.push(`OVER the budget of ${kb(FINDER_BUDGET)}`);
  return `${lines.join("\n")}\n`;
}

/** @param {string} name @param {number} gzip @param {number} [bytes] */
function row(name, gzip, bytes) {
  return `${kb(gzip).padStart(9)} gz  ${bytes === undefined ? "".padStart(9) : kb(bytes).padStart(9)}  ${name}`;
}

/** @param {number} bytes */
function kb(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
