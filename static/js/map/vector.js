/** An operator's PMTiles file as base map. Loaded only where there is one: the library weighs more than all the rest. */
import { create, GridLayer, remove, removeClass } from "./leaflet.js";

/**
 * @param {string} url
 * @param {{ lang: string, pane: string, maxZoom: number }} options
 * @returns {Promise<import("leaflet").GridLayer>}
 */
export async function vectorLayer(url, { lang, pane, maxZoom }) {
  // The library expects Leaflet as a global and uses four things of it.
  Object.assign(globalThis, { L: { GridLayer, DomUtil: { create, remove, removeClass } } });
  const { leafletLayer } = await import("protomaps-leaflet");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return /** @type {any} */ (
    leafletLayer(/** @type {any} */ ({ url, flavor: dark ? "dark" : "light", lang, pane, maxDataZoom: maxZoom }))
  );
}
