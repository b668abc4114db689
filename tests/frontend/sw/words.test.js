import assert from "node:assert/strict";
import { it } from "node:test";
import { speak } from "../../../static/js/i18n.js";
import { ageWords, reasonWords } from "../../../static/js/sw/words.js";

const NOW = new Date(2026, 10, 22, 9, 30).getTime();

it("says how old something is by the reader's day", () => {
  speak("en", {});
  assert.equal(ageWords(new Date(2026, 10, 22, 0, 5).getTime(), NOW, "en"), "Data from today, 00:05");
  assert.equal(ageWords(new Date(2026, 10, 21, 23, 59).getTime(), NOW, "en"), "Data from yesterday, 23:59");
  assert.equal(ageWords(new Date(2026, 10, 3, 14, 5).getTime(), NOW, "en"), "Data of November 3, 14:05");
  assert.equal(ageWords(new Date(2025, 11, 31, 14, 5).getTime(), NOW, "en"), "Data of December 31, 2025, 14:05");
});

it("calls nothing 'of today' where the clock of a device goes wrong", () => {
  speak("en", {});
  const data = new Date(2026, 10, 22, 14, 5).getTime();
  assert.equal(ageWords(data, new Date(2020, 0, 1).getTime(), "en"), "Data of November 22, 2026, 14:05");
});

it("says why in words that tell our fault from the network's", () => {
  assert.deepEqual(["offline", "slow", "down"].map(reasonWords), [
    "No internet.",
    "The internet is slow here.",
    "Our server does not answer at the moment.",
  ]);
});
