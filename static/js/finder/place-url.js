/** The address of a place's own page, and the clicks that ask for it. */

/** Of a place's page. What stands under a place, its slip or its code, has a dot in its name. */
const PLACE = /^\/([a-z]{2})\/(?:aid_points|organisations)\/[0-9a-f-]{36}(?:\/[^/.]*)?$/;

/** The address of a place's own page.
 * @param {string} lang
 * @param {{ layer: string, id: string, slug: string }} place
 */
export function placeUrl(lang, { layer, id, slug }) {
  return `/${[lang, layer, id, slug].map(encodeURIComponent).join("/")}`;
}

/**
 * The place that a click asks to read, in a row, at a pin or in what is read of another place; `null` where the browser
 * should do what it does: another tab, a telephone, a page of another kind or language.
 * @param {MouseEvent} event
 * @returns {string | null}
 */
export function placeAsked({ button, altKey, ctrlKey, metaKey, shiftKey, target }) {
  if (button || altKey || ctrlKey || metaKey || shiftKey || !(target instanceof Element)) return null;
  const link = /** @type {HTMLAnchorElement | null} */ (target.closest(":is(.hit, .brief, .details) a[href]"));
  if (!link || link.origin !== location.origin) return null;
  return link.pathname.match(PLACE)?.[1] === document.documentElement.lang ? link.href : null;
}
