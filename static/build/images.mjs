/** Our own mark as logo and icon of the site. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { STATIC, writeHashed } from "./paths.mjs";

const IMAGES = ["logo.svg", "icon.svg"];

/** @param {string} folder @returns {Promise<import("./paths.mjs").Built[]>} */
export function images(folder) {
  return Promise.all(
    IMAGES.map(async (name) => {
      const svg = await readFile(join(STATIC, "img", name), "utf8");
      return writeHashed(
        folder,
        name,
        svg
          .replace(/<!--[\s\S]*?-->/g, "")
          .replace(/>\s+</g, "><")
          .trim(),
      );
    }),
  );
}
