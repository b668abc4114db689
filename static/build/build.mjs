/**
 * Builds the front end into `static/dist/`: bundles, sprite, outline map, messages; `manifest.json` (logical name →
 * file), by which the server turns names into addresses (`/static/` + file); `details.json` (name → file, sizes, and of
 * a script what to preload with it). Says what each page weighs.
 *
 * A run with nothing changed since the last one does nothing; `--force` builds all the same.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundles.mjs";
import { fingerprint } from "./fingerprint.mjs";
import { images } from "./images.mjs";
import { messages } from "./messages.mjs";
import { outline } from "./outline.mjs";
import { DIST } from "./paths.mjs";
import { report } from "./report.mjs";
import { sprite } from "./sprite.mjs";

const STAMP = join(DIST, ".stamp");

/** @param {{ force?: boolean }} [wishes] @returns {Promise<boolean>} whether anything was built */
export async function build({ force = false } = {}) {
  const stamp = await fingerprint();
  if (!force && (await readFile(STAMP, "utf8").catch(() => "")) === stamp) return false;
  await rm(DIST, { recursive: true, force: true });
  await mkdir(DIST, { recursive: true });
  const parts = await Promise.all([bundle(), sprite(), outline(), messages(), images()]);
  const built = parts.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
  await writeJson("manifest.json", Object.fromEntries(built.map(({ name, path }) => [name, path])));
  await writeJson("details.json", Object.fromEntries(built.map(({ name, ...details }) => [name, details])));
  await writeFile(STAMP, stamp);
  return true;
}

/** @param {string} name @param {unknown} value */
function writeJson(name, value) {
  return writeFile(join(DIST, name), `${JSON.stringify(value, null, 1)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const built = await build({ force: process.argv.includes("--force") });
  process.stdout.write(built ? "" : "front end: nothing changed\n");
  if (built) process.stdout.write(await report());
}
