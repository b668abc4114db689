/**
 * Scripts and style sheets, bundled by esbuild: split so that pages share what they share. Each set of pages that share
 * something makes a file of its own, and on a slow network each file waits a round trip: so the finder and the pages of
 * places, which most people open, share among themselves only, and what every page brings with it shares with none.
 */
import { readFile, writeFile } from "node:fs/promises";
import { basename, join, parse, relative } from "node:path";
import { build } from "esbuild";
import { DIST, ROOT, STATIC, weigh } from "./paths.mjs";

const FIRST = ["finder", "place"];
const EVERYWHERE = ["offline"];
/** Run by itself as the page is read, so it imports nothing. */
const AT_ONCE = ["banners"];
const OTHERS = ["form", "begun", "exit", "desk", "passkeys", "slip", "table", "lists", "slips", "day", "proof"];
const SHEETS = ["main", "form", "desk", "slip", "day", "tables", "draw"];

/** What of Leaflet's sheet no page of ours uses: its markers, controls and their corners, tooltips, vectors, images. */
const UNUSED =
  /leaflet-(control|bar|attribution|top|right|bottom|left\b|tile-pane|tooltip|marker-|shadow|vml|image-|zoom-box|touch \.leaflet-|retina|div-icon|grab|crosshair|popup-close|popup-content|popup-tip\b|interactive|oldie|default-icon|overlay-pane)|\.lvml|leaflet-safari/;
/** What it says once more for browsers that are older than those for which we build. */
const OLD = /-(webkit-trans|moz|ms)[^:;{}]*:[^;{}]*;?/g;
/** What Leaflet finds out about the browser, most of it by trial: of the browsers for which we build, most is known. */
const BROWSER = /leaflet\/src\/core\/Browser\.js$/;
const KNOWN_BROWSER = `
  const agent = navigator.userAgent.toLowerCase();
  const chrome = agent.includes("chrome");
  export default {
    any3d: true, pointer: true, touch: true, passiveEvents: true,
    chrome, safari: !chrome && agent.includes("safari"),
    mobile: "orientation" in window || agent.includes("mobile"),
    touchNative: "ontouchstart" in window || "TouchEvent" in window,
    retina: devicePixelRatio > 1,
    mac: navigator.platform.startsWith("Mac"), linux: navigator.platform.startsWith("Linux"),
  };`;
/** Kinds of layers after which Leaflet only asks whether something is one, and nothing of ours ever is. */
const NEVER_MADE = /leaflet\/src\/layer\/(FeatureGroup|vector\/Path)\.js$/;

/** @param {string} folder @returns {Promise<import("./paths.mjs").Built[]>} */
export async function bundle(folder) {
  const groups = [
    FIRST.map(script),
    EVERYWHERE.map(script),
    AT_ONCE.map(script),
    OTHERS.map(script),
    SHEETS.map(sheet),
  ];
  return (await Promise.all(groups.map((entries) => bundled(folder, entries)))).flat();
}

/** @typedef {{ in: string, out: string }} Entry */

/** @param {string} name @returns {Entry} */
function script(name) {
  return { in: join(STATIC, "js", `${name}.js`), out: name };
}

/** @param {string} name @returns {Entry} */
function sheet(name) {
  return { in: join(STATIC, "css", `${name}.css`), out: name };
}

/** @param {string} folder @param {Entry[]} entries @returns {Promise<import("./paths.mjs").Built[]>} */
async function bundled(folder, entries) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: entries,
    // Where they will be in the end: names in source maps count from there.
    outdir: DIST,
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    metafile: true,
    sourcemap: "external",
    target: ["es2022", "chrome111", "firefox114", "safari16.4"],
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    legalComments: "none",
    logLevel: "warning",
    plugins: [leanLeaflet],
  });
  await Promise.all(outputFiles.map(({ path, contents }) => writeFile(join(folder, basename(path)), contents)));
  const outputs = Object.entries(metafile.outputs).filter(([path]) => !path.endsWith(".map"));
  const inDist = (/** @type {string} */ path) => relative(DIST, join(ROOT, path));
  const sources = new Set(entries.map((entry) => relative(ROOT, entry.in)));
  return Promise.all(
    outputs
      .filter(([, { entryPoint }]) => entryPoint && sources.has(entryPoint))
      .map(async ([path, output]) => ({
        name: basename(/** @type {string} */ (output.entryPoint)),
        path: inDist(path),
        ...weigh(await readFile(join(folder, inDist(path)))),
        ...(path.endsWith(".js") ? { imports: soonLoaded(metafile.outputs, path).map(inDist) } : {}),
      })),
  );
}

/**
 * All files that a script loads before anybody does anything: what it imports, what it imports itself after the page is
 * painted, and what those import; not what they load later.
 * @param {import("esbuild").Metafile["outputs"]} outputs
 * @param {string} path
 */
function soonLoaded(outputs, path) {
  const seen = new Set(firstLoad(outputs, path));
  for (const { path: next, kind } of outputs[path]?.imports ?? []) {
    if (kind !== "dynamic-import") continue;
    seen.add(next);
    for (const file of firstLoad(outputs, next)) seen.add(file);
  }
  seen.delete(path);
  return [...seen];
}

/**
 * All files that a script imports at once, not those it loads later.
 * @param {import("esbuild").Metafile["outputs"]} outputs
 * @param {string} path
 * @param {Set<string>} [seen]
 */
function firstLoad(outputs, path, seen = new Set()) {
  for (const { path: next, kind } of outputs[path]?.imports ?? []) {
    if (kind !== "import-statement" || seen.has(next)) continue;
    seen.add(next);
    firstLoad(outputs, next, seen);
  }
  return [...seen];
}

/** @type {import("esbuild").Plugin} */
const leanLeaflet = {
  name: "lean-leaflet",
  setup({ onLoad }) {
    onLoad({ filter: BROWSER }, () => ({ contents: KNOWN_BROWSER }));
    onLoad({ filter: NEVER_MADE }, ({ path }) => ({ contents: `export class ${parse(path).name} {}` }));
    onLoad({ filter: /leaflet\.css$/ }, async ({ path }) => {
      const sheet = (await readFile(path, "utf8")).replace(/\/\*[\s\S]*?\*\//g, "");
      const rules = sheet.match(/[^{}]+\{[^{}]*\}/g) ?? [];
      return { contents: rules.map(lean).join("\n"), loader: "css" };
    });
  },
};

/** A rule with the selectors that are used, or nothing.
 * @param {string} rule
 */
function lean(rule) {
  const [selectors = "", body = ""] = rule.split("{");
  const used = selectors
    .split(",")
    .map((selector) => selector.trim())
    .filter((selector) => selector && !UNUSED.test(selector));
  return used.length && !selectors.includes("@") ? `${used.join(", ")} {${body.replace(OLD, "")}` : "";
}
