import assert from "node:assert/strict";
import { it } from "node:test";
import { kept } from "../../../static/build/worker.mjs";

const built = (name, path, imports) => ({ name, path, bytes: 1, gzip: 1, ...(imports && { imports }) });
const SHELL = [
  built("finder.js", "finder-AAAAAAAA.js", ["chunk-CCCCCCCC.js"]),
  built("place.js", "place-AAAAAAAA.js", ["chunk-CCCCCCCC.js", "chunk-DDDDDDDD.js"]),
  built("lists.js", "lists-AAAAAAAA.js", []),
  built("offline.js", "offline-AAAAAAAA.js", []),
  built("banners.js", "banners-AAAAAAAA.js", []),
  ...["main.css", "sprite.svg", "outline.json", "icon.svg"].map((name) => built(name, name.replace(".", "-BBBBBBBB."))),
  built("desk.js", "desk-AAAAAAAA.js", ["chunk-EEEEEEEE.js"]),
  built("messages/uk.json", "messages-uk-BBBBBBBB.json"),
];

it("keeps the shell with everything that its scripts import, once, and nothing of the desk", () => {
  const { files, messages } = kept(SHELL);
  assert.equal(files.filter((file) => file === "/static/chunk-CCCCCCCC.js").length, 1);
  assert.ok(files.includes("/static/chunk-DDDDDDDD.js"));
  assert.ok(!files.some((file) => /desk|EEEEEEEE/.test(file)));
  assert.deepEqual(messages, { uk: "/static/messages-uk-BBBBBBBB.json" });
});

it("is another one when any of its files is", () => {
  const changed = SHELL.map((file) => (file.name === "main.css" ? { ...file, path: "main-FFFFFFFF.css" } : file));
  assert.notEqual(kept(changed).version, kept(SHELL).version);
  assert.equal(kept([...SHELL]).version, kept(SHELL).version);
});

it("refuses a build in which a part of the shell is missing", () => {
  assert.throws(() => kept(SHELL.slice(1)), /of the shell/);
});
