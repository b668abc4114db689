/** What stands on the map: which token or cluster an item gets, what it is called, and what a pin tells when it is used. */
import { freshness } from "../data/freshness.js";
import { HOURLESS, openingAt } from "../data/opening.js";
import { nameOf } from "../data/points.js";
import { el } from "../dom.js";
import { t, tn } from "../i18n.js";
import { checkedWords, clusterName, farWords, pinName, stateWords } from "../words.js";
import { clusterArt, token } from "./token.js";

/** @typedef {import("../data/points.js").PointItem} PointItem */
/** @typedef {import("../data/points.js").ClusterItem} ClusterItem */

/** Events: `choose` (detail: { points, element }), `open` (detail: the cluster), `lit` (detail: id or null). */
export class PinMaker extends EventTarget {
  /**
   * @param {import("leaflet").Map} map
   * @param {{ lang: string, sprite: string, taxonomy: import("../data/taxonomy.js").Taxonomy, placeUrl: (point: PointItem) => string, moves: import("../finder/moves.js").Moves, look: (box: import("../data/geo.js").Box, zoom: number) => Promise<import("../data/points.js").Item[]> }} context `look` gives what is in a box at another zoom
   */
  constructor(map, context) {
    super();
    this.map = map;
    this.context = context;
    /** Services, groups and families that are asked for. @type {ReadonlySet<string>} */
    this.wanted = new Set();
    /** The moment that was asked about, where it is not now. @type {ReturnType<typeof import("../data/then.js").thenOf> | null} */
    this.asked = null;
    /** @type {import("../data/geo.js").Position | null} */
    this.me = null;
    /** Of text and with it of pins: how much larger than usual. */
    this.scale = 1;
  }

  /** @param {import("../data/points.js").Slim} slim */
  lead(slim) {
    return this.context.taxonomy.lead(slim.services ?? [], slim.family, this.wanted);
  }

  /** What a point looks like now.
   * @param {PointItem} item
   * @param {number} now
   */
  looks({ slim, position }, now) {
    const { asked } = this;
    const opening = slim.services?.length ? (asked?.opening(slim, position) ?? openingAt(slim, now)) : HOURLESS;
    const fresh = freshness(slim.checked, now);
    const said = asked?.words(opening, now) || stateWords(opening, now, slim);
    return { ...this.lead(slim), state: opening.state, ring: fresh.ring, opening, said, fresh };
  }

  /**
   * @param {import("../data/declutter.js").Drawn} item
   * @param {number} now
   */
  pinOf(item, now) {
    if (item.kind === "point") return this.pointPin(item, now);
    return item.kind === "spot" ? this.spotPin(item) : this.clusterPin(item);
  }

  /**
   * @param {PointItem & { shift?: [number, number] }} item
   * @param {number} now
   * @returns {import("./pins.js").Pin}
   */
  pointPin(item, now) {
    const { lang, sprite, placeUrl } = this.context;
    const looks = this.looks(item, now);
    const name = nameOf(item.slim, lang);
    const state = looks.said;
    return {
      key: [item.id, looks.family, looks.icon, looks.ring, state].join("|"),
      position: item.position,
      shift: item.shift && [item.shift[0] * this.scale, item.shift[1] * this.scale],
      element: () => {
        const far = this.me ? farWords(this.me, item.position).distance : "";
        const label = pinName(
          name,
          state.toLocaleLowerCase(lang),
          far,
          checkedWords(looks.fresh).toLocaleLowerCase(lang),
        );
        const pin = el(
          "a",
          {
            class: "pin",
            href: placeUrl(item),
            "aria-label": label,
            "data-id": item.id,
            "data-name": name,
            draggable: "false",
          },
          token(sprite, looks),
        );
        this.listen(pin, () => this.tell("choose", { points: [item], element: pin }));
        return pin;
      },
    };
  }

  /**
   * @param {import("../data/declutter.js").SpotItem} spot
   * @returns {import("./pins.js").Pin}
   */
  spotPin({ id, position, points }) {
    return {
      key: id,
      position,
      element: () => {
        const count = points.length;
        const families = [...this.context.taxonomy.families.keys()].map(
          (family) => points.filter(({ slim }) => this.lead(slim).family === family).length,
        );
        const pin = this.clusterButton(
          `${tn("%(n)s place here", "%(n)s places here", count)}. ${t("Show the list")}`,
          { count, families },
          () => this.tell("choose", { points, element: pin }),
        );
        pin.setAttribute("aria-haspopup", "dialog");
        return pin;
      },
    };
  }

  /**
   * @param {ClusterItem} cluster
   * @returns {import("./pins.js").Pin}
   */
  clusterPin(cluster) {
    return {
      key: [cluster.id, cluster.count, cluster.families].join("|"),
      position: cluster.position,
      element: () =>
        this.clusterButton(clusterName(cluster, this.context.taxonomy), cluster, () => this.tell("open", cluster)),
    };
  }

  /**
   * @param {string} label
   * @param {{ count: number, families: number[] }} cluster
   * @param {() => void} activate
   */
  clusterButton(label, cluster, activate) {
    const { lang, sprite } = this.context;
    const pin = el(
      "button",
      { class: "pin cluster", type: "button", "aria-label": label },
      clusterArt(sprite, cluster, lang),
    );
    this.listen(pin, activate);
    return pin;
  }

  /** @param {string} event @param {unknown} detail */
  tell(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }

  /**
   * Activation, told apart from the end of a drag and from "open in a new tab"; and the pointer over a pin.
   * @param {HTMLElement} pin
   * @param {() => void} activate
   */
  listen(pin, activate) {
    pin.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (/** @type {any} */ (this.map.dragging)?.moved()) return;
      activate();
    });
    const { id } = pin.dataset;
    if (!id) return;
    for (const kind of ["pointerenter", "focus"]) pin.addEventListener(kind, () => this.tell("lit", id));
    for (const kind of ["pointerleave", "blur"]) pin.addEventListener(kind, () => this.tell("lit", null));
  }
}
