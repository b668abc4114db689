/**
 * The table of places: `[data-copy-table]` (a button, hidden without script) copies the table of that id, as text with
 * tabs and as a table; `[data-copied]` are its words for that, told in `[data-copy-status]`. Places side by side and the
 * table have the way out of a page about violence, too. The table's filters are those of the finder, and so is what script
 * adds to them.
 */
import { find, findAll } from "./dom.js";
import { enhanceExit } from "./leave.js";
import { tableHtml, tableText } from "./table/copy.js";
import { enhanceTableFilters } from "./table/filters.js";

enhanceExit(document);
enhanceTableFilters(document.body);
for (const button of findAll(document, "[data-copy-table]")) {
  const table = /** @type {HTMLTableElement | null} */ (find(document, `#${button.dataset.copyTable}`));
  const status = find(document, "[data-copy-status]");
  if (!table || !status || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const [text, html] = [tableText(table), tableHtml(table)];
    try {
      await navigator.clipboard.write([
        new ClipboardItem({
          "text/plain": new Blob([text], { type: "text/plain" }),
          "text/html": new Blob([html], { type: "text/html" }),
        }),
      ]);
    } catch {
      await navigator.clipboard.writeText(text);
    }
    status.textContent = button.dataset.copied ?? "";
  });
}
