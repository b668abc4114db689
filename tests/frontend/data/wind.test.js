import assert from "node:assert/strict";
import { it } from "node:test";
import { windFrom } from "../../../static/js/data/wind.js";

it("names the wind", () => {
  const here = [20, 50];
  const there = { n: [20, 51], e: [21, 50], s: [20, 49], w: [19, 50], ne: [20.0156, 50.01] };
  for (const [wind, to] of Object.entries(there)) assert.equal(windFrom(here, to), wind);
});
