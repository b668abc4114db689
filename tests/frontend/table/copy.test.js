import assert from "node:assert/strict";
import { it } from "node:test";
import { tableHtml, tableText } from "../../../static/js/table/copy.js";
import { page } from "../dom.js";

const TABLE = `<table><thead><tr><th><a href="/">Name<span class="hush">: sort by this</span></a></th><th>Phone</th></tr></thead>
  <tbody><tr><th>Zupa
   &lt;b&gt;</th><td>+48 41</td></tr></tbody></table>`;

it("copies the words that are seen, a line a row, and no formulas", () => {
  const table = page(TABLE).querySelector("table");
  assert.equal(tableText(table), "Name\tPhone\nZupa <b>\t'+48 41");
});

it("copies a table of escaped words for documents", () => {
  const table = page(TABLE).querySelector("table");
  assert.equal(
    tableHtml(table),
    "<table><tr><td>Name</td><td>Phone</td></tr><tr><td>Zupa &lt;b&gt;</td><td>'+48 41</td></tr></table>",
  );
});
