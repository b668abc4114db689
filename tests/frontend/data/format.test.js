import assert from "node:assert/strict";
import { it } from "node:test";
import { clockText, countText, distanceText } from "../../../static/js/data/format.js";

const plain = (text) => text.replace(/\s/g, " ");

it("writes distances as people of the language do", () => {
  assert.deepEqual(
    [3, 452, 949, 950, 1440, 9949, 35_400].map((m) => plain(distanceText(m, "pl"))),
    ["10 m", "450 m", "950 m", "1 km", "1,4 km", "9,9 km", "35 km"],
  );
  assert.equal(plain(distanceText(1440, "en")), "1.4 km");
  assert.equal(plain(distanceText(1440, "uk")), "1,4 км");
  assert.equal(plain(distanceText(450, "ru")), "450 м");
});

it("writes clocks in 24 hours without a leading zero", () => {
  assert.deepEqual([540, 1110, 0, 1440].map(clockText), ["9:00", "18:30", "0:00", "24:00"]);
});

it("shortens counts over 999", () => {
  assert.equal(countText(999, "pl"), "999");
  assert.equal(plain(countText(1234, "pl")), "1,2 tys.");
  assert.equal(plain(countText(1234, "uk")), "1,2 тис.");
});
