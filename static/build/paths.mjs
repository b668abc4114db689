/** Where things are, and how a built file gets its name. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const STATIC = join(ROOT, "static");
export const DIST = join(STATIC, "dist");
export const MODULES = join(ROOT, "node_modules");
export const TAXONOMY = join(ROOT, "app", "taxonomy", "data");
export const LOCALE = join(ROOT, "app", "i18n", "locale");
export const LANGUAGES = ["pl", "uk", "en", "de", "ro", "ru"];

/**
 * @typedef {object} Built
 * @property {string} name logical name: `main.css`, `finder.js`, `messages/pl.json`
 * @property {string} path below `/static/`, with the hash of the content
 * @property {number} bytes
 * @property {number} gzip bytes over the wire
 * @property {string[]} [imports] of a script: other files of the first load, to preload
 */

/**
 * Write a file under a name that changes with its content.
 * @param {string} folder
 * @param {string} name
 * @param {string | Uint8Array} content
 * @returns {Promise<Built>}
 */
export async function writeHashed(folder, name, content) {
  const data = Buffer.from(content);
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 10).toUpperCase();
  const path = name.replaceAll("/", "-").replace(/(\.\w+)$/, `-${hash}$1`);
  await writeFile(join(folder, path), data);
  return { name, path, ...weigh(data) };
}

/** @param {Uint8Array} data */
export function weigh(data) {
  return { bytes: data.length, gzip: gzipSync(data, { level: 9 }).length };
}
