/** The address of a place's own page.
 * @param {string} lang
 * @param {{ layer: string, id: string, slug: string }} place
 */
export function placeUrl(lang, { layer, id, slug }) {
  return `/${[lang, layer, id, slug].map(encodeURIComponent).join("/")}`;
}
