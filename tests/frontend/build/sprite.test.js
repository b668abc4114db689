import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { MODULES, ROOT, STATIC } from "../../../static/build/paths.mjs";
import { shorter, vocabularyIcons } from "../../../static/build/sprite.mjs";

const exists = (name) => existsSync(join(MODULES, "lucide-static", "icons", `${name}.svg`));

it("finds every icon of the interface and of the vocabularies in the package", async () => {
  const ui = JSON.parse(readFileSync(join(STATIC, "build", "icons.json"), "utf8"));
  const missing = [...ui, ...(await vocabularyIcons())].filter((name) => !exists(name));
  assert.deepEqual(missing, []);
});

it("carries every icon that a template draws", async () => {
  const folder = join(ROOT, "app", "templating", "templates");
  const drawn = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".html"))
    .flatMap((path) => [...readFileSync(join(folder, path), "utf8").matchAll(/\bicon\(([^)]*)\)/g)])
    .flatMap(
      ([, words = ""]) =>
        words
          .replace(/ if .*? else /g, " ")
          .split(",")[0]
          ?.match(/(?<=")[a-z0-9-]+(?=")/g) ?? [],
    );
  const ui = JSON.parse(readFileSync(join(STATIC, "build", "icons.json"), "utf8"));
  const carried = new Set([...ui, ...(await vocabularyIcons())]);
  assert.ok(drawn.length > 100);
  assert.deepEqual(
    [...new Set(drawn)].filter((name) => !carried.has(name)),
    [],
  );
});

it("carries no icon that nothing shows", () => {
  const folders = [join(ROOT, "app"), join(STATIC, "js")];
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(html|py|toml|js)$/.test(path))
      .map((path) => readFileSync(join(folder, path), "utf8")),
  );
  const named = new Set(sources.flatMap((source) => source.match(/(?<=["'])[a-z0-9-]+(?=["'])/g) ?? []));
  const ui = JSON.parse(readFileSync(join(STATIC, "build", "icons.json"), "utf8"));
  assert.deepEqual(
    ui.filter((/** @type {string} */ name) => !named.has(name)),
    [],
  );
});

it("makes one path of several, each beginning where it began", () => {
  assert.equal(
    shorter('\n  <path d="M1 2h3" />\n  <path d="m5 6 7 8" />\n  <circle cx="1" cy="2" r="3" />\n'),
    '<circle cx="1" cy="2" r="3"/><path d="M1 2h3M5 6l7 8"/>',
  );
  assert.equal(shorter('<path d="m5 6-7 8" /><path d="m9 9 .01 0" />'), '<path d="M5 6l-7 8M9 9l.01 0"/>');
  assert.equal(shorter('<path d="m12 3 9.5 5L12 13Z" />'), '<path d="M12 3l9.5 5L12 13Z"/>');
  assert.equal(shorter('<path d="m2 2h3v4" />'), '<path d="M2 2h3v4"/>');
});
