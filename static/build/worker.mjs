/**
 * The service worker, with the list of what it keeps from the start: written from what this build made, so that no file
 * is forgotten (esbuild's metafile says what a script imports). It changes whenever one of those files does.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT, STATIC, writeHashed } from "./paths.mjs";

/** Of the finder, of a place, of somebody's lists, and of every page. */
const SHELL = [
  "finder.js",
  "place.js",
  "lists.js",
  "offline.js",
  "banners.js",
  "main.css",
  "sprite.svg",
  "outline.json",
  "icon.svg",
];
const MESSAGES = /^messages\/(\w+)\.json$/;

/**
 * @param {string} folder
 * @param {import("./paths.mjs").Built[]} built everything else
 * @returns {Promise<import("./paths.mjs").Built>}
 */
export async function worker(folder, built) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(STATIC, "js", "sw", "worker.js")],
    write: false,
    bundle: true,
    format: "iife",
    minify: true,
    target: ["es2022", "chrome111", "firefox114", "safari16.4"],
    legalComments: "none",
    logLevel: "warning",
    define: { BUILD: JSON.stringify(kept(built)) },
  });
  return writeHashed(folder, "worker.js", /** @type {Uint8Array} */ (outputFiles[0]?.contents));
}

/** @param {import("./paths.mjs").Built[]} built */
export function kept(built) {
  const shell = built.filter(({ name }) => SHELL.includes(name));
  if (shell.length < SHELL.length) throw new Error(`the build made only ${shell.map(({ name }) => name)} of the shell`);
  const files = [...new Set(shell.flatMap(({ path, imports = [] }) => [path, ...imports]))].sort().map(address);
  const messages = Object.fromEntries(
    built.flatMap(({ name, path }) => {
      const language = name.match(MESSAGES)?.[1];
      return language ? [[language, address(path)]] : [];
    }),
  );
  const version = createHash("sha256").update(JSON.stringify({ files, messages })).digest("hex").slice(0, 12);
  return { version, files, messages };
}

/** @param {string} path */
function address(path) {
  return `/static/${path}`;
}
