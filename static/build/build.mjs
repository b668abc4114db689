/**
 * Builds the front end into `static/dist/`: bundles, sprite, outline map, messages, fonts for paper; `manifest.json` (logical name →
 * file), by which the server turns names into addresses (`/static/` + file); `details.json` (name → file, sizes, and of
 * a script what to preload with it). Says what each page weighs.
 *
 * A run with nothing changed since the last one does nothing; `--force` builds all the same. A server may run meanwhile.
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { appIcons } from "./app-icons.mjs";
import { bundle } from "./bundles.mjs";
import { fingerprint } from "./fingerprint.mjs";
import { fonts } from "./fonts.mjs";
import { images } from "./images.mjs";
import { messages } from "./messages.mjs";
import { outline } from "./outline.mjs";
import { DIST } from "./paths.mjs";
import { report } from "./report.mjs";
import { sprite } from "./sprite.mjs";
import { worker } from "./worker.mjs";

/** Which files the build of the folder made. */
const FILES = ".files.json";
const STAMP = ".stamp";
/** Where a build does its work; what is so old was left by one that was killed. */
const WORK = ".new-";
const WORK_LEFT_AFTER_MS = 10 * 60 * 1000;

/** @param {{ force?: boolean, dist?: string }} [wishes] @returns {Promise<boolean>} whether anything was built */
export async function build({ force = false, dist = DIST } = {}) {
  const stamp = await fingerprint();
  if (!force && (await readFile(join(dist, STAMP), "utf8").catch(() => "")) === stamp) return false;
  await mkdir(dist, { recursive: true });
  const work = await mkdtemp(join(dist, WORK));
  try {
    const parts = await Promise.all(
      [bundle, sprite, outline, messages, images, appIcons, fonts].map((make) => make(work)),
    );
    const made = parts.flat();
    made.push(await worker(work, made));
    const built = made.sort((a, b) => (a.name < b.name ? -1 : 1));
    await writeJson(
      join(work, "details.json"),
      built.map(({ name, ...details }) => [name, details]),
    );
    await writeJson(
      join(work, "manifest.json"),
      built.map(({ name, path }) => [name, path]),
    );
    await publish(work, dist);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  await writeFile(join(dist, STAMP), stamp);
  return true;
}

/**
 * Put what was built in the place of what was there, under the eyes of a server that reads it: whenever a manifest is
 * read, it is whole and so is every file that it names. Pages that are open still load what the last build made.
 * @param {string} work
 * @param {string} dist
 */
async function publish(work, dist) {
  const made = await readdir(work);
  const old = await readdir(dist);
  const before = await readFile(join(dist, FILES), "utf8").then(JSON.parse, () =>
    old.filter((f) => !f.startsWith(".")),
  );
  // Stamps of the last build say what is no longer so.
  await Promise.all([STAMP, ".pomapa-stamp"].map((name) => rm(join(dist, name), { force: true })));
  const last = ["details.json", "manifest.json"];
  for (const name of [...made.filter((file) => !last.includes(file)), ...last])
    await rename(join(work, name), join(dist, name));
  const kept = new Set([...made, ...before]);
  for (const name of old) if (!kept.has(name) && !(await isAtWork(dist, name))) await drop(join(dist, name));
  await writeFile(join(dist, FILES), JSON.stringify(made));
}

/** Whether another build works in this folder.
 * @param {string} dist
 * @param {string} name
 */
async function isAtWork(dist, name) {
  if (!name.startsWith(WORK)) return false;
  const touched = await stat(join(dist, name)).catch(() => null);
  return touched !== null && Date.now() - touched.mtimeMs < WORK_LEFT_AFTER_MS;
}

/** @param {string} path */
function drop(path) {
  return rm(path, { recursive: true, force: true });
}

/** @param {string} path @param {[string, unknown][]} members */
function writeJson(path, members) {
  return writeFile(path, `${JSON.stringify(Object.fromEntries(members), null, 1)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const built = await build({ force: process.argv.includes("--force") });
  process.stdout.write(built ? "" : "front end: nothing changed\n");
  if (built) process.stdout.write(await report());
}
