import assert from "node:assert/strict";
import { it } from "node:test";
import { pinWords } from "../../../static/js/form/pin-words.js";

const POLAND = [14.1, 49.0, 24.2, 54.9];
const said = (position, near, how = "by-hand") => pinWords(how, position, "typed", POLAND, near);

it("is sure of a pin only where a town is near", () => {
  assert.deepEqual(said([20.63, 50.87], { name: "Kielce", away_m: 400 }), {
    words: "You have set the pin near Kielce",
    sure: "full",
  });
  assert.equal(said([20.63, 50.87]).sure, "half");
});

it("says that numbers are swapped, abroad, in water or unreadable, and is not sure of them", () => {
  for (const [position, near, words] of [
    [[50.87, 20.63], undefined, /wrong way round/],
    [[2.35, 48.85], undefined, /not in the country/],
    [[18.5, 54.85], { name: "Hel", away_m: 26000 }, /in water or abroad/],
    [null, undefined, /two numbers/],
  ]) {
    const known = said(position, near);
    assert.match(known.words, words);
    assert.equal(known.sure, "none");
  }
});

it("says nothing of a pin that is not there", () => {
  assert.equal(pinWords("by-hand", null, " ", POLAND).words, "");
});

it("says how an address was found", () => {
  assert.match(said([20.63, 50.87], undefined, "place").words, /Only the town/);
  assert.equal(said([20.63, 50.87], undefined, "building").sure, "full");
});

it("tells the nearest address, and is sure only where it is near", () => {
  const told = (away_m) =>
    said([20.63, 50.87], { name: "Kielce", away_m: 4, address: { line: "ul. Długa 12, Kielce", away_m } });
  assert.deepEqual(told(15), { words: "Nearest address: ul. Długa 12, Kielce, 15 m away", sure: "full" });
  assert.match(told(140).words, /some way off \(140 m\)\. Is it this one\?/);
  assert.equal(told(140).sure, "half");
});
