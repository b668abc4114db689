/** A table of the page as text and as markup for the clipboard. Nothing but words of its cells gets into either. */

/** What would be a formula where it is pasted gets an apostrophe, as in the file. */
const FORMULA = /^[\s\u00a0]*[=+\-@＝＋－＠]/;

/** @param {HTMLTableElement} table */
function cells(table) {
  return [...table.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("th, td")].map(words));
}

/** The words of a cell on one line, without those that are only heard.
 * @param {Element} cell
 */
function words(cell) {
  const copy = /** @type {Element} */ (cell.cloneNode(true));
  for (const heard of copy.querySelectorAll(".hush")) heard.remove();
  const text = (copy.textContent ?? "").replace(/\s+/g, " ").trim();
  return FORMULA.test(text) ? `'${text}` : text;
}

/** @param {HTMLTableElement} table */
export function tableText(table) {
  return cells(table)
    .map((row) => row.join("\t"))
    .join("\n");
}

/** @param {HTMLTableElement} table */
export function tableHtml(table) {
  const escaped = /** @param {string} text */ (text) =>
    text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign);
  const rows = cells(table).map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`);
  return `<table>${rows.join("")}</table>`;
}
