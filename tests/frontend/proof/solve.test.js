import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { LONGEST, sha256 } from "../../../static/js/proof/sha256.js";
import { solve } from "../../../static/js/proof/solve.js";

/** @param {string} text */
const expected = (text) => createHash("sha256").update(text).digest("hex");

/** @param {string} text */
function computed(text) {
  const bytes = new TextEncoder().encode(text);
  const sum = new Int32Array(8);
  sha256(bytes, bytes.length, sum);
  return [...sum].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

test("the sum is SHA-256, for every length that fits", () => {
  for (let length = 0; length <= LONGEST; length++) {
    const text = "pomapa0123456789&?=".repeat(4).slice(0, length);
    assert.equal(computed(text), expected(text), `of ${length}`);
  }
  assert.equal(computed("żółć їжак"), expected("żółć їжак"));
});

const salt = "0123456789abcdef01234567?expires=1800000000&";
const asked = (number, maxnumber = 5000) => ({
  algorithm: "SHA-256",
  challenge: expected(salt + number),
  maxnumber,
  salt,
  signature: "",
});

test("the number is found, the first and the last one too", async () => {
  for (const number of [0, 1, 999, 5000]) assert.equal(await solve(asked(number)), number);
});

test("what has no number is given up", async () => {
  assert.equal(await solve(asked(5001)), null);
  assert.equal(await solve({ ...asked(1), challenge: "" }), null);
  assert.equal(await solve({ ...asked(1), salt: "x".repeat(54) }), null);
});

test("the page may do something else meanwhile", async () => {
  let rests = 0;
  const number = 100_000;
  const found = await solve(asked(number, number), async () => {
    rests += 1;
  });
  assert.equal(found, number);
  assert.ok(rests > 0);
});
