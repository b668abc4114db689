/** The places on the map: points and clusters as pins, what is chosen, and what opens when one is activated. */
import { ownFrame } from "../breath.js";
import { declutter } from "../data/declutter.js";
import { el, textScale } from "../dom.js";
import { MAX_ZOOM } from "./create.js";
import { holderOf } from "./holders.js";
import { latLng } from "./leaflet.js";
import { PinCrowd } from "./pin-crowd.js";
import { PinMaker } from "./pin-maker.js";
import { drawnPart } from "./place-at.js";

/** @typedef {ConstructorParameters<typeof PinMaker>} Made */

/** Half of what the server groups into one, and a little more: groups that would touch are drawn as one. */
const CLUSTER_REACH_PX = 96;
const MEASURED_FOR_MS = 30_000;
/** What comes first: the view and, as a share of it, what lies beyond its edge and reaches into it. */
const FIRST = 0.1;

export class PointLayer extends PinMaker {
  /** @param {Made[0]} map @param {Made[1]} context */
  constructor(map, context) {
    super(map, context);
    this.pins = new PinCrowd().addTo(map);
    /** @type {import("../data/points.js").Item[]} */
    this.items = [];
    /** @type {string | null} */
    this.chosen = null;
    /** @type {import("../data/geo.js").Position | null} */
    this.chosenAt = null;
    /** What holds the place that is chosen or pointed at. @type {HTMLElement | null | undefined} */
    this.holder = null;
    /** @type {Map<string, HTMLElement>} */
    this.elements = new Map();
    /** @type {import("../data/declutter.js").Drawn[]} */
    this.drawn = [];
    /** The zoom for which it was decided. @type {number | undefined} */
    this.drawnZoom = undefined;
    /** Of what is drawn: what has been near enough to the view to get a pin. @type {Map<import("../data/declutter.js").Drawn, import("./pins.js").Pin>} */
    this.made = new Map();
    /** @type {import("leaflet").LatLngBounds | null} */
    this.part = null;
    this.measuredAt = Number.NEGATIVE_INFINITY;
    /** While the map zooms nothing is drawn: at its end everything is. */
    this.zooming = false;
    map.on("move", () => this.follow());
    map.on("zoomstart", () => {
      this.zooming = true;
      this.pins.stop();
    });
    map.on("zoomend", async () => {
      this.zooming = false;
      await ownFrame(); // First what is there stands where it belongs.
      this.draw(FIRST); // Others are on their way.
    });
    /** What opens clusters; loaded with the first one. @type {import("./splitting.js").Splitting | null} */
    this.splitting = null;
    this.addEventListener("open", async (event) => {
      const { Splitting } = await import("./splitting.js");
      this.splitting ??= new Splitting(this);
      this.splitting.open(/** @type {CustomEvent} */ (event).detail);
    });
  }

  /**
   * @param {import("../data/points.js").Item[]} items
   * @param {ReadonlySet<string>} wanted services, groups and families that the filter asks for
   * @param {PinMaker["asked"]} [asked] the moment that it asks about
   */
  show(items, wanted, asked = null) {
    this.items = items;
    this.wanted = wanted;
    this.asked = asked;
    if (this.zooming) return;
    this.draw();
    this.splitting?.goOn();
  }

  /** Draw anew: after a zoom, after a minute, with another place chosen.
   * @param {number} [beyond] of the view, on each side
   */
  draw(beyond) {
    const { map } = this;
    if (this.zooming) return;
    const zoom = map.getZoom();
    this.measure();
    this.drawn = declutter(
      this.items,
      ([lng, lat]) => {
        const { x, y } = map.project([lat, lng], zoom);
        return [x / this.scale, y / this.scale];
      },
      (points) => points.map(({ slim }) => this.lead(slim).family),
      MAX_ZOOM - zoom,
    );
    this.drawnZoom = zoom;
    this.made.clear();
    this.fill(beyond);
  }

  /** How large the text is, now and then: the answer has the browser style the page, and hardly ever changes. */
  measure() {
    const now = performance.now();
    if (now - this.measuredAt < MEASURED_FOR_MS) return;
    this.measuredAt = now;
    this.scale = textScale();
  }

  /** Give a pin to all that lies in the view, then to what is near it. Far away keeps its pin only what has the focus.
   * @param {number} [beyond] of the view, on each side
   */
  async fill(beyond) {
    const { map, made } = this;
    const part = drawnPart(map, beyond);
    const view = drawnPart(map, FIRST);
    const focused = this.pins.keyWithFocus();
    const now = Date.now();
    this.part = part;
    /** @type {import("./pins.js").Pin[]} */
    const pins = [];
    /** @type {import("./pins.js").Pin[]} */
    const later = [];
    for (const item of this.drawn) {
      const at = latLng(item.position[1], item.position[0]);
      let pin = made.get(item);
      if (!part.contains(at) && (!pin || pin.key !== focused)) continue;
      if (!pin) {
        pin = this.pinOf(item, now);
        made.set(item, pin);
      }
      (view.contains(at) ? pins : later).push(pin);
    }
    const shown = this.pins.show([...pins, ...later], this.scale);
    this.note();
    await shown;
    this.note();
  }

  /** Which element each place has now. */
  note() {
    this.elements.clear();
    for (const { element } of this.pins.placed.values()) {
      const { id } = element.dataset;
      if (id) this.elements.set(id, element);
    }
    this.choose(this.chosen);
  }

  /** The map moves: what comes into view has its pin before. Nothing here asks the page for sizes. */
  follow() {
    // At another zoom all of it is drawn anew in a moment.
    if (this.map.getZoom() !== this.drawnZoom) return;
    if (this.part && !this.part.contains(this.map.getBounds())) this.fill();
  }

  /**
   * Mark the place that is chosen: larger, with a rim and a tip; what holds it, where it has no pin of its own.
   * @param {string | null} id
   * @param {import("../data/geo.js").Position | null} [position]
   */
  choose(id, position = id === this.chosen ? this.chosenAt : null) {
    this.chosen = id;
    this.chosenAt = position;
    for (const [key, element] of this.elements) element.classList.toggle("on", key === id);
    this.lightHolder(id, position);
  }

  /** How far the places of a cluster may lie from its middle. */
  reach() {
    const { map, scale } = this;
    const [a, b] = [map.unproject([0, 0]), map.unproject([CLUSTER_REACH_PX * scale, 0])];
    return b.lng - a.lng;
  }

  /** Light up the cluster or spot in which a place is.
   * @param {string | null} id
   * @param {import("../data/geo.js").Position | null} position
   */
  lightHolder(id, position) {
    const item = id && !this.elements.has(id) ? holderOf(this.drawn, id, position, this.reach()) : undefined;
    const key = item && this.made.get(item)?.key;
    const holder = key === undefined ? null : this.pins.placed.get(key)?.element;
    if (this.holder !== holder) this.holder?.classList.remove("lit");
    holder?.classList.add("lit");
    this.holder = holder;
  }

  /**
   * Light up a pin, as if the pointer were over it, with its name beside it; or what holds the place.
   * @param {string | null} id
   * @param {import("../data/geo.js").Position | null} [position]
   */
  light(id, position = null) {
    if (id) this.lightHolder(id, position);
    else this.lightHolder(this.chosen, this.chosenAt);
    for (const [key, element] of this.elements) {
      const lit = key === id;
      if (lit === element.classList.contains("lit")) continue;
      element.classList.toggle("lit", lit);
      element.querySelector(".name")?.remove();
      if (lit) element.append(el("span", { class: "name", "aria-hidden": "true" }, element.dataset.name));
    }
  }
}
