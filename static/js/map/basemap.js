/** The base map: our outline at once, then the best source there is over it. */
import { OutlineLayer } from "./outline.js";
import { PatientTiles } from "./raster.js";

/**
 * @param {import("leaflet").Map} map
 * @param {import("./config.js").MapConfig} config
 * @returns {{ setSimple: (simple: boolean) => void, hasChoice: boolean }} `setSimple` leaves only the outline, which costs no data
 */
export function addBasemap(map, { basemap, outlineUrl, lang }) {
  map.createPane("outline");
  map.createPane("basemap");
  addOutline(map, outlineUrl);
  const source = sourceOf(map, basemap, lang);
  source?.show();
  return {
    hasChoice: Boolean(source),
    setSimple: (simple) => (simple ? source?.hide() : source?.show()),
  };
}

/** @param {import("leaflet").Map} map @param {string} url */
async function addOutline(map, url) {
  if (!url) return;
  try {
    const answer = await fetch(url);
    if (answer.ok) new OutlineLayer(await answer.json()).addTo(map);
  } catch {
    // The ground of the map stays empty; pins and list need no base map.
  }
}

/**
 * @param {import("leaflet").Map} map
 * @param {import("./config.js").Basemap} basemap
 * @param {string} lang
 */
function sourceOf(map, { kind, url, maxZoom }, lang) {
  if (kind === "proxy" && url) {
    const layer = new PatientTiles(url, {
      pane: "basemap",
      className: "pale-tiles",
      maxNativeZoom: maxZoom ?? 17,
      maxZoom: 22,
      updateWhenZooming: false,
      detectRetina: false,
    });
    return { show: () => layer.addTo(map), hide: () => layer.stop() };
  }
  if (kind === "pmtiles" && url) return vectorSource(map, url, lang, maxZoom ?? 15);
  return null;
}

/** @param {import("leaflet").Map} map @param {string} url @param {string} lang @param {number} maxZoom */
function vectorSource(map, url, lang, maxZoom) {
  let wanted = true;
  /** @type {Promise<import("leaflet").GridLayer | null> | undefined} */
  let loading;
  const load = async () => {
    try {
      const { vectorLayer } = await import("./vector.js");
      return await vectorLayer(url, { lang, pane: "basemap", maxZoom });
    } catch {
      return null; // The outline stays.
    }
  };
  return {
    show: async () => {
      wanted = true;
      loading ??= load();
      const layer = await loading;
      if (wanted) layer?.addTo(map);
    },
    hide: async () => {
      wanted = false;
      (await loading)?.remove();
    },
  };
}
