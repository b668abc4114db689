/**
 * Names of towns and villages on the built-in map: the largest cities at once, the gazetteer's places as they come.
 * Asked for only while there are no streets to be seen, which have names of their own.
 */
import { ownFrame } from "../breath.js";
import { labelsOf, labelsWithRoom, STREETS_ZOOM } from "../data/labels.js";
import { Lru } from "../data/lru.js";
import { tilesInView, tileUrl } from "../data/tiles.js";
import { el, textScale } from "../dom.js";
import { Layer, latLng } from "./leaflet.js";
import { drawnPart } from "./place-at.js";
import { ScaledPane } from "./scaled-pane.js";

/** @typedef {{ element: HTMLElement, at: import("leaflet").LatLng, lower: number }} Written */

const PLACES = "/api/v1/place-names/{z}/{x}/{y}.json";
const FROM_ZOOM = 5;
const KEPT_TILES = 80;

export class NameLayer extends Layer {
  /**
   * @param {readonly import("../data/labels.js").BuiltIn[]} builtIn
   * @param {string} lang
   */
  constructor(builtIn, lang) {
    super();
    this.builtIn = builtIn;
    this.lang = lang;
    /** @type {import("leaflet").Map | undefined} */
    this.map = undefined;
    /** @type {Lru<import("../data/labels.js").GazetteerPlace[]>} */
    this.cache = new Lru(KEPT_TILES);
    this.scaled = new ScaledPane("names", () => this.place());
    /** @type {Map<string, Written>} */
    this.written = new Map();
    this.turn = 0;
    /** While the map zooms nothing is written: at its end everything is. */
    this.zooming = false;
    this.asks = false;
    /** @type {import("../data/labels.js").GazetteerPlace[]} */
    this.places = [];
    /** @type {import("../data/labels.js").Taken[]} */
    this.pins = [];
    this.scale = 1;
  }

  /** Whether the gazetteer is asked for names; otherwise only the cities that are built in have theirs.
   * @param {boolean} asks
   */
  askFor(asks) {
    if (asks === this.asks) return;
    this.asks = asks;
    this.load();
  }

  /** @param {import("leaflet").Map} map */
  onAdd(map) {
    this.map = map;
    this.scale = textScale();
    this.pane = this.scaled.addTo(map);
    this.pane.setAttribute("aria-hidden", "true");
    this.load();
    return this;
  }

  onRemove() {
    this.turn += 1;
    this.zooming = false;
    for (const { element } of this.written.values()) element.remove();
    this.written.clear();
    this.map = undefined;
    return this;
  }

  /** @returns {any} */
  getEvents() {
    const zooms = () => {
      this.zooming = true;
    };
    const rests = () => {
      this.zooming = false;
      this.load();
    };
    return { ...this.scaled.events(), zoomstart: zooms, moveend: rests, pins: this.onPins };
  }

  /** Write what is known of the view, then ask for the rest and write again. */
  async load() {
    const { map } = this;
    if (!map) return;
    this.turn += 1;
    const turn = this.turn;
    await ownFrame(); // First what is there stands where it belongs.
    if (turn !== this.turn) return;
    const zoom = map.getZoom();
    const bounds = map.getBounds();
    /** @type {import("../data/geo.js").Box} */
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const urls =
      !this.asks || zoom < FROM_ZOOM || zoom >= STREETS_ZOOM
        ? []
        : tilesInView(box, zoom).map((tile) => tileUrl(PLACES, tile, ""));
    this.write(urls.flatMap((url) => this.cache.get(url) ?? []));
    if (urls.every((url) => this.cache.get(url))) return;
    const answers = await Promise.all(urls.map((url) => this.tile(url)));
    if (turn === this.turn) this.write(answers.flat());
  }

  /** The places of a tile; none when they cannot be had, and asked for again with the next move.
   * @param {string} url
   */
  async tile(url) {
    const kept = this.cache.get(url);
    if (kept) return kept;
    try {
      const answer = await fetch(url);
      if (!answer.ok) return [];
      const { places } = await answer.json();
      this.cache.set(url, places);
      return /** @type {import("../data/labels.js").GazetteerPlace[]} */ (places);
    } catch {
      return [];
    }
  }

  /** Make way for the pins that are shown now.
   * @param {any} event with their boxes and how much larger than usual they are
   */
  onPins({ taken, scale }) {
    this.pins = taken;
    this.scale = scale;
    this.write(this.places);
  }

  /** @param {import("../data/labels.js").GazetteerPlace[]} places */
  write(places) {
    this.places = places;
    const { map, pane } = this;
    if (!map || !pane || this.zooming) return;
    const zoom = map.getZoom();
    const part = drawnPart(map);
    const near = labelsOf(this.builtIn, places, this.lang, zoom).filter(({ position: [lng, lat] }) =>
      part.contains([lat, lng]),
    );
    const shown = labelsWithRoom(
      near,
      ([lng, lat]) => {
        const { x, y } = map.project([lat, lng], zoom);
        return [x, y];
      },
      this.pins,
      this.scale,
    );
    const wanted = new Map(shown.map((label) => [`${label.text}|${label.position}|${label.lower}`, label]));
    for (const [key, { element }] of this.written) {
      if (wanted.has(key)) continue;
      element.remove();
      this.written.delete(key);
    }
    for (const [key, { text, position, lower }] of wanted) {
      if (this.written.has(key)) continue;
      const element = el("span", { class: "map-name" }, text);
      const at = latLng(position[1], position[0]);
      this.written.set(key, { element, at, lower });
      pane.append(element);
    }
    this.scaled.settle();
  }

  /** Put every name where it belongs. */
  place() {
    for (const { element, at, lower } of this.written.values()) this.scaled.put(element, at, [0, lower]);
  }
}
