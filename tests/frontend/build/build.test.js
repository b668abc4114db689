import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "../../../static/build/build.mjs";

let dist = "";

before(async () => {
  dist = await mkdtemp(join(tmpdir(), "pomapa-dist-"));
  await build({ dist });
});

after(() => rm(dist, { recursive: true, force: true }));

const manifest = async () => JSON.parse(await readFile(join(dist, "manifest.json"), "utf8"));

it("builds the same names out of the same sources, and nothing when nothing changed", async () => {
  const first = await manifest();
  assert.equal(await build({ dist }), false);
  assert.equal(await build({ dist, force: true }), true);
  assert.deepEqual(await manifest(), first);
  const details = JSON.parse(await readFile(join(dist, "details.json"), "utf8"));
  assert.deepEqual(Object.keys(details), Object.keys(first));
});

/** What a page loads before anybody does anything: its script and all that it will import. */
const soon = async (name) => {
  const { path, imports } = JSON.parse(await readFile(join(dist, "details.json"), "utf8"))[name];
  const files = [path, ...(imports ?? [])];
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(join(dist, file))).length));
  return { files, bytes: sizes.reduce((sum, size) => sum + size, 0), first: sizes[0] };
};

it("keeps the scripts of a first visit few and small, and the list ahead of the map", async () => {
  const finder = await soon("finder.js");
  // Each file waits a round trip of 150 ms on a slow network.
  assert.ok(finder.files.length <= 9, finder.files.join(", "));
  assert.ok(finder.bytes <= 52 * 1024, `${finder.bytes}`);
  // What is read before the list is painted starts the rest and does nothing else.
  assert.ok(finder.first <= 1024, `${finder.first}`);
  assert.equal((await soon("offline.js")).files.length, 1);
  // With what paints it: its share of the 200 KB in which a phone must have a usable map.
  const painted = await Promise.all(["main.css", "sprite.svg"].map(soon));
  assert.ok(painted.reduce((sum, one) => sum + one.bytes, finder.bytes) <= 75 * 1024);
});

it("preloads what a script imports once the page is painted, and not what it may never need", async () => {
  const { files } = await soon("finder.js");
  const texts = await Promise.all(files.map((file) => readFile(join(dist, file), "utf8")));
  assert.ok(texts.some((text) => text.includes("leaflet-zoom-animated")));
  assert.ok(!texts.some((text) => text.includes("pmtiles://")));
});

it("names source files from where the bundle will be", async () => {
  const file = (await manifest())["finder.js"];
  const { sources } = JSON.parse(await readFile(join(dist, `${file}.map`), "utf8"));
  assert.ok(sources.includes("../js/finder.js"), sources.join(", "));
});

it("leaves no moment without a whole manifest and all its files", async () => {
  // Of an earlier build that made everything else: a manifest that lists what this one does not make.
  await writeFile(join(dist, "old-AAAAAAAA.js"), "");
  await writeFile(join(dist, ".files.json"), JSON.stringify(["old-AAAAAAAA.js"]));
  await writeFile(join(dist, "manifest.json"), JSON.stringify({ "old.js": "old-AAAAAAAA.js" }));
  let done = false;
  const building = build({ dist, force: true }).finally(() => {
    done = true;
  });
  let looks = 0;
  while (!done) {
    const named = Object.values(await manifest());
    for (const file of named) await readFile(join(dist, file));
    looks += 1;
  }
  await building;
  assert.ok(looks > 3, `looked ${looks} times`);
  assert.ok((await manifest())["finder.js"]);
});

it("keeps what open pages of the last build load, and drops what is older", async () => {
  await writeFile(join(dist, "last-BBBBBBBB.js"), "");
  await writeFile(join(dist, "older-CCCCCCCC.js"), "");
  await writeFile(join(dist, ".files.json"), JSON.stringify(["last-BBBBBBBB.js"]));
  await build({ dist, force: true });
  let files = await readdir(dist);
  assert.ok(files.includes("last-BBBBBBBB.js"));
  assert.ok(!files.includes("older-CCCCCCCC.js"));
  await build({ dist, force: true });
  files = await readdir(dist);
  assert.ok(!files.includes("last-BBBBBBBB.js"));
});

it("clears away what a killed build left, and not what another one does", async () => {
  await mkdir(join(dist, ".new-killed"));
  await utimes(join(dist, ".new-killed"), 0, 0);
  await mkdir(join(dist, ".new-living"));
  await build({ dist, force: true });
  const work = (await readdir(dist)).filter((name) => name.startsWith(".new-"));
  assert.deepEqual(work, [".new-living"]);
});
