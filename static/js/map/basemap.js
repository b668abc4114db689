/** The base map: our outline at once, then the best source there is over it; names of our own where that shows nothing. */
import { breath } from "../breath.js";
import { NameLayer } from "./names.js";
import { OutlineLayer } from "./outline.js";
import { PatientTiles } from "./raster.js";

/** @typedef {{ show: () => void, hide: () => void }} Source */
/** @typedef {"awaited" | "shown" | "missing"} Streets whether there are streets, which have names of their own */
/** @typedef {(streets: Streets) => void} Tell */

/**
 * @param {import("leaflet").Map} map
 * @param {import("./config.js").MapConfig} config
 * @returns {{ setSimple: (simple: boolean) => void, hasChoice: boolean }} `setSimple` leaves only the outline, which costs no data
 */
export function addBasemap(map, { basemap, outlineUrl, lang }) {
  map.createPane("outline");
  map.createPane("names");
  map.createPane("basemap");
  const tell = addOutline(map, outlineUrl, lang);
  const source = sourceOf(map, basemap, lang, tell);
  tell(source ? "awaited" : "missing");
  source?.show();
  return {
    hasChoice: Boolean(source),
    setSimple: (simple) => {
      tell(simple ? "missing" : "awaited");
      if (simple) source?.hide();
      else source?.show();
    },
  };
}

/**
 * The outline and its names: those of the largest cities until streets are there, those of the gazetteer when none come.
 * @param {import("leaflet").Map} map
 * @param {string} url
 * @param {string} lang
 * @returns {Tell}
 */
function addOutline(map, url, lang) {
  /** @type {Streets} */
  let streets = "awaited";
  /** @type {NameLayer | undefined} */
  let names;
  const update = () => {
    if (!names) return;
    names.askFor(streets === "missing");
    if (streets === "shown") names.remove();
    else names.addTo(map);
  };
  const load = async () => {
    try {
      const answer = url ? await fetch(url) : null;
      const data = answer?.ok ? await answer.json() : null;
      const outline = data && new OutlineLayer(data);
      await breath();
      outline?.addTo(map);
      await breath();
      names = new NameLayer(data?.places ?? [], lang);
    } catch {
      names = new NameLayer([], lang); // The ground of the map stays empty; pins and list need no base map.
    }
    update();
  };
  load();
  return (told) => {
    if (told === streets) return;
    streets = told;
    update();
  };
}

/**
 * @param {import("leaflet").Map} map
 * @param {import("./config.js").Basemap} basemap
 * @param {string} lang
 * @param {Tell} tell
 * @returns {Source | null}
 */
function sourceOf(map, { kind, url, maxZoom }, lang, tell) {
  if (kind === "proxy" && url) {
    const layer = new PatientTiles(url, {
      pane: "basemap",
      className: "pale-tiles",
      maxNativeZoom: maxZoom ?? 17,
      maxZoom: 22,
      updateWhenZooming: false,
      detectRetina: false,
    });
    layer.on("rest", () => tell("missing"));
    layer.on("tileload", () => tell("shown"));
    return { show: () => layer.addTo(map), hide: () => layer.stop() };
  }
  if (kind === "pmtiles" && url) return vectorSource(map, url, lang, maxZoom ?? 15, tell);
  return null;
}

/** @param {import("leaflet").Map} map @param {string} url @param {string} lang @param {number} maxZoom @param {Tell} tell @returns {Source} */
function vectorSource(map, url, lang, maxZoom, tell) {
  let wanted = true;
  /** @type {Promise<import("leaflet").GridLayer | null> | undefined} */
  let loading;
  const load = async () => {
    try {
      const { vectorLayer } = await import("./vector.js");
      return await vectorLayer(url, { lang, pane: "basemap", maxZoom });
    } catch {
      tell("missing"); // The outline stays.
      return null;
    }
  };
  return {
    show: async () => {
      wanted = true;
      loading ??= load();
      const layer = await loading;
      if (!wanted || !layer) return;
      layer.addTo(map);
      tell("shown");
    },
    hide: async () => {
      wanted = false;
      (await loading)?.remove();
    },
  };
}
