/** Our own mark as logo and icon of the site. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { STATIC, writeHashed } from "./paths.mjs";

const IMAGES = ["logo.svg", "icon.svg"];

/** @returns {Promise<import("./paths.mjs").Built[]>} */
export function images() {
  return Promise.all(
    IMAGES.map(async (name) => {
      const svg = await readFile(join(STATIC, "img", name), "utf8");
      return writeHashed(
        name,
        svg
          .replace(/<!--[\s\S]*?-->/g, "")
          .replace(/>\s+</g, "><")
          .trim(),
      );
    }),
  );
}
