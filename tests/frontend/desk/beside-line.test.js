import assert from "node:assert/strict";
import { test } from "node:test";
import { besideLine } from "../../../static/js/desk/beside-line.js";

/** A pin's half with its rim. */
const PIN = 17;
const WORDS = /** @type {[number, number]} */ ([64, 25]);

/** How far the middle of a pin is from the box of the words.
 * @param {number} px @param {number} py @param {[number, number]} at
 */
function gap(px, py, [x, y]) {
  const aside = Math.max(Math.abs(px - x) - WORDS[0] / 2, 0);
  const above = Math.max(Math.abs(py - y) - WORDS[1] / 2, 0);
  return Math.hypot(aside, above);
}

test("no pin lies on the words of the line, whichever way it goes and however short it is", () => {
  for (let turn = 0; turn < 360; turn += 5) {
    const [x, y] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
    for (let length = 0; length < 240; length += 4) {
      const at = besideLine([x * length, y * length], WORDS);
      for (const end of [-0.5, 0.5]) {
        assert.ok(gap(x * length * end, y * length * end, at) >= PIN, `${turn}°, ${length} px`);
      }
    }
  }
});

test("words stand on the line where there is room, else below it rather than above", () => {
  assert.deepEqual(besideLine([200, 0], WORDS), [0, 0]);
  assert.deepEqual(besideLine([0, 120], WORDS), [0, 0]);
  assert.ok(besideLine([60, 0], WORDS)[1] > 0);
  assert.ok(besideLine([-60, 10], WORDS)[1] > 0);
});
