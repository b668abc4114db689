import assert from "node:assert/strict";
import { it } from "node:test";
import { usedMessages } from "../../../static/build/messages.mjs";

it("finds the messages of the scripts, plural ones by their first form", async () => {
  const used = await usedMessages();
  for (const id of [
    "Open until %(time)s",
    "%(n)s place",
    "Closes in %(minutes)s min",
    "Type an address and we will find places near it",
  ]) {
    assert.ok(used.has(id), id);
  }
  assert.ok(!used.has("%(n)s places"));
});
