/** One line that changes when anything changes of which the front end is built. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { DIST, LOCALE, ROOT, STATIC, TAXONOMY } from "./paths.mjs";

/** @returns {Promise<string>} */
export async function fingerprint() {
  const hash = createHash("sha256");
  const files = [
    join(ROOT, "package-lock.json"),
    ...(await below(STATIC)),
    ...(await below(TAXONOMY)),
    ...(await below(LOCALE)),
  ];
  for (const file of files.filter((path) => !path.startsWith(DIST)).sort()) {
    const content = await readFile(file).catch(() => null);
    if (content) hash.update(relative(ROOT, file)).update("\0").update(content).update("\0");
  }
  return hash.digest("hex");
}

/** Files below a folder, none where there is no folder.
 * @param {string} folder
 */
async function below(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
