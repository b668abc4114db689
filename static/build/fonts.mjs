/**
 * The font of files on paper (app/exports/paper): Noto Sans in the three subsets that six languages need, as they come from
 * the package. Pages use the reader's own fonts and load none of these.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MODULES, writeHashed } from "./paths.mjs";

const PACKAGE = join(MODULES, "@fontsource-variable", "noto-sans");
const SUBSETS = ["latin", "latin-ext", "cyrillic"];

/** @param {string} folder @returns {Promise<import("./paths.mjs").Built[]>} */
export async function fonts(folder) {
  const files = SUBSETS.map((subset) => [`fonts/${subset}.woff2`, `files/noto-sans-${subset}-wght-normal.woff2`]);
  // Its licence asks to be wherever the font is.
  files.push(["fonts/licence.txt", "LICENSE"]);
  return Promise.all(
    files.map(async ([name = "", file = ""]) => writeHashed(folder, name, await readFile(join(PACKAGE, file)))),
  );
}
