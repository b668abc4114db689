import assert from "node:assert/strict";
import { test } from "node:test";
import { sizeWords } from "../../../static/js/form/photo.js";

test("a size is said in the reader's language, and never as nothing", () => {
  assert.equal(sizeWords(2.4 * 1024 * 1024, "pl"), "2,4 MB");
  assert.equal(sizeWords(9 * 1024 * 1024, "en"), "9 MB");
  assert.equal(sizeWords(12, "de"), "1 kB");
  assert.equal(sizeWords(340 * 1024, "uk"), "340 кБ");
});
