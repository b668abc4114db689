/** Scripts and style sheets, bundled by esbuild: split so that pages share what they share. */
import { readFile, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { build } from "esbuild";
import { DIST, ROOT, STATIC, weigh } from "./paths.mjs";

const SCRIPTS = ["finder", "form", "desk", "place", "offline", "slip", "table", "lists", "slips", "day"];
const SHEETS = ["main", "form", "desk", "slip", "day", "draw"];

/** What of Leaflet's sheet no page of ours uses: its markers, controls, tooltips, vectors, images. */
const UNUSED =
  /leaflet-(control|bar|tooltip|marker-|shadow|vml|image-|zoom-box|touch \.leaflet-|retina|div-icon|grab|crosshair|popup-close|popup-content|popup-tip\b|interactive|oldie|default-icon|overlay-pane)|\.lvml|leaflet-safari/;

/** @param {string} folder @returns {Promise<import("./paths.mjs").Built[]>} */
export async function bundle(folder) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [
      ...SCRIPTS.map((name) => ({ in: join(STATIC, "js", `${name}.js`), out: name })),
      ...SHEETS.map((name) => ({ in: join(STATIC, "css", `${name}.css`), out: name })),
    ],
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
  return Promise.all(
    outputs
      .filter(([, output]) => output.entryPoint && isEntry(output.entryPoint))
      .map(async ([path, output]) => ({
        name: basename(/** @type {string} */ (output.entryPoint)),
        path: inDist(path),
        ...weigh(await readFile(join(folder, inDist(path)))),
        ...(path.endsWith(".js") ? { imports: firstLoad(metafile.outputs, path).map(inDist) } : {}),
      })),
  );
}

/** @param {string} path */
function isEntry(path) {
  const name = basename(path);
  return (
    path.startsWith("static/") &&
    [...SCRIPTS.map((n) => `${n}.js`), ...SHEETS.map((n) => `${n}.css`)].includes(name) &&
    !/js\/.+\//.test(path)
  );
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
  return used.length && !selectors.includes("@") ? `${used.join(", ")} {${body}` : "";
}
