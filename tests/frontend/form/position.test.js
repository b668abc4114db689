import assert from "node:assert/strict";
import { it } from "node:test";
import { positionText, readPosition } from "../../../static/js/form/position.js";

it("reads latitude first and gives longitude first", () => {
  assert.deepEqual(readPosition("50.8661, 20.6286"), [20.6286, 50.8661]);
  assert.deepEqual(readPosition(" 50.8661;20.6286 "), [20.6286, 50.8661]);
  assert.equal(positionText([20.6286, 50.8661]), "50.866100, 20.628600");
  assert.deepEqual(readPosition(positionText([20.123456, -50.5])), [20.123456, -50.5]);
});

it("leaves to the server what is not two plain degrees", () => {
  for (const text of ["", "Kielce", "50.8661", "50°51'N 20°37'E", "500, 20", "95, 20", "50, 190", "50,8661 20,6286"])
    assert.equal(readPosition(text), null, text);
});
