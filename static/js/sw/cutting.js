/** Takes places out of what is kept, so that the rest of a list or of a map can still be read without a network. */

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** A row of the finder's list (templates/finder/hit.html). */
export const ROW = /<li class="hit" data-id="([^"]+)"[\s\S]*?<\/li>/g;

/** Whether an address or a text names one of the places.
 * @param {string} text
 * @param {ReadonlySet<string>} ids
 */
export function names(text, ids) {
  for (const [id] of text.matchAll(ID)) if (ids.has(id)) return true;
  return false;
}

/**
 * The text of a list or of points without the places.
 * @param {string} text HTML or GeoJSON
 * @param {ReadonlySet<string>} ids
 * @returns {string | null} `null` where they cannot be taken out: it names them elsewhere, too
 */
export function without(text, ids) {
  const rest = text.startsWith("{") ? withoutFeatures(text, ids) : withoutRows(text, ids);
  return rest === null || names(rest, ids) ? null : rest;
}

/** @param {string} html @param {ReadonlySet<string>} ids */
function withoutRows(html, ids) {
  let whole = true;
  const rest = html.replace(ROW, (row, id) => {
    if (!ids.has(id)) return row;
    // A list within the row would end it too early.
    if (row.includes("<li", 1)) whole = false;
    return "";
  });
  return whole ? rest : null;
}

/** @param {string} json @param {ReadonlySet<string>} ids */
function withoutFeatures(json, ids) {
  try {
    const collection = JSON.parse(json);
    if (!Array.isArray(collection.features)) return null;
    const features = collection.features.filter((/** @type {any} */ { id }) => !ids.has(id));
    return JSON.stringify({ ...collection, features });
  } catch {
    return null;
  }
}
