import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { inflateSync } from "node:zlib";
import { appIcons, readMark } from "../../../static/build/app-icons.mjs";
import { STATIC } from "../../../static/build/paths.mjs";

let folder = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "pomapa-icons-"));
});

after(() => rm(folder, { recursive: true, force: true }));

/** Size and pixels of a PNG with one chunk of data and no filters. */
async function open(path) {
  const file = await readFile(join(folder, path));
  const size = file.readUInt32BE(16);
  const rows = inflateSync(file.subarray(41, 41 + file.readUInt32BE(33)));
  return { size, at: (x, y) => [...rows.subarray(y * (size * 4 + 1) + 1 + x * 4).subarray(0, 4)] };
}

it("draws the mark in its colour on white, in the sizes that are promised", async () => {
  const built = await appIcons(folder);
  assert.deepEqual(
    built.map(({ name }) => name),
    ["icon-192.png", "icon-512.png", "icon-maskable-192.png", "icon-maskable-512.png"],
  );
  for (const { name, path, bytes } of built) {
    const { size, at } = await open(path);
    assert.equal(size, Number(name.match(/\d+/)[0]));
    assert.ok(bytes < 16_000, `${name}: ${bytes}`);
    const maskable = name.includes("maskable");
    assert.deepEqual(at(0, 0), [255, 255, 255, maskable ? 255 : 0]);
    const inks = [];
    for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) if (at(x, y)[0] === 0x14) inks.push([x, y]);
    assert.deepEqual(at(...inks[0]).slice(0, 3), [0x14, 0x50, 0xb4]);
    // Of a maskable icon only the circle of 80 % is sure to be seen.
    const furthest = Math.max(...inks.map(([x, y]) => Math.hypot(x + 0.5 - size / 2, y + 0.5 - size / 2)));
    assert.ok(furthest < size * (maskable ? 0.4 : 0.5), `${name}: ${furthest}`);
    assert.ok(furthest > size * 0.25, `${name}: ${furthest}`);
  }
});

it("takes the mark from its drawing, and says so when that is another one", async () => {
  const mark = readMark(await readFile(join(STATIC, "img", "logo.svg"), "utf8"));
  assert.deepEqual(mark.ring, { x: 17, y: 12, r: 9 });
  assert.deepEqual(mark.stem, { x: 8, top: 12, bottom: 29 });
  assert.throws(() => readMark("<svg/>"), /logo\.svg/);
});
