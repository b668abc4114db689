/**
 * Codes for paper: printed or copied with one press, which only script can do.
 *
 * `[data-paper-codes]` holds `.paper-codes code`, `[data-print]` and `[data-copy-codes]`, both `.awaited`, and
 * `[data-copy-status]` with the words in `data-copied`.
 */
import { awaken, find, findAll } from "../dom.js";

/**
 * @param {ParentNode} page
 * @param {Pick<Clipboard, "writeText"> | undefined} clipboard
 */
export function offerPaper(page, clipboard = navigator.clipboard) {
  const box = find(page, "[data-paper-codes]");
  if (!box) return;
  const printer = find(box, "[data-print]");
  if (printer) {
    awaken(printer);
    printer.addEventListener("click", () => print());
  }
  const copier = find(box, "[data-copy-codes]");
  const status = find(box, "[data-copy-status]");
  // A browser gives pages no clipboard where the address is not secure.
  if (!copier || !status || !clipboard) return;
  awaken(copier);
  copier.addEventListener("click", async () => {
    const codes = findAll(box, ".paper-codes code").map((code) => code.textContent);
    try {
      await clipboard.writeText(`${codes.join("\n")}\n`);
      status.textContent = status.dataset.copied ?? "";
    } catch {
      status.textContent = status.dataset.refused ?? "";
    }
  });
}
