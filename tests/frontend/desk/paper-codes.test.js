import assert from "node:assert/strict";
import { it } from "node:test";
import "../dom.js";
import { offerPaper } from "../../../static/js/desk/paper-codes.js";

const PAGE = `<div data-paper-codes><ol class="paper-codes"><li><code>aaaa-bbbb</code></li><li><code>cccc-dddd</code></li></ol>
  <button class="awaited" data-print>Print</button><button class="awaited" data-copy-codes>Copy</button>
  <span data-copy-status data-copied="Copied." data-refused="Refused."></span></div>`;

async function pressed(clipboard) {
  document.body.innerHTML = PAGE;
  offerPaper(document, clipboard);
  const button = document.querySelector("[data-copy-codes]");
  button.click();
  await new Promise((done) => setImmediate(done));
  return {
    said: document.querySelector("[data-copy-status]").textContent,
    shown: !button.classList.contains("awaited"),
  };
}

it("copies the codes, one on a line", async () => {
  const copied = [];
  const { said } = await pressed({ writeText: async (text) => copied.push(text) });
  assert.deepEqual([said, copied], ["Copied.", ["aaaa-bbbb\ncccc-dddd\n"]]);
});

it("says so when the browser does not let them be copied", async () => {
  const refusing = { writeText: () => Promise.reject(new Error("no")) };
  assert.equal((await pressed(refusing)).said, "Refused.");
});

it("offers to copy only where that can be done", async () => {
  assert.equal((await pressed(null)).shown, false);
});
