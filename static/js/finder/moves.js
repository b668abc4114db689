/** The map as somebody moves it: the moves of a visitor are questions, those that the page makes itself are not. */
import { showBox, viewBox } from "../map/boxes.js";

const AFTER_MOVE_MS = 250;
/** Whoever waits for the map to rest waits no longer than this. */
const LONGEST_MOVE_MS = 4000;

/** Events: `rested` (the map shows another box), `asked` (and somebody has moved it there; detail: the box). */
export class Moves extends EventTarget {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    super();
    this.map = map;
    /** False while the map moves by itself, which is no new question. */
    this.follows = true;
    /** Resolves when the map has come to rest, or moves for long. @type {Promise<void>} */
    this.still = Promise.resolve();
    /** @type {(() => void) | null} */
    this.tellStill = null;
    /** Until the map rests. @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    map.on("movestart", () => {
      if (this.tellStill) return;
      this.still = new Promise((resolve) => {
        this.tellStill = resolve;
        setTimeout(resolve, LONGEST_MOVE_MS);
      });
    });
    map.on("moveend", () => this.wait());
    map.on("autopanstart", () => this.bySelf()); // It makes room for a pop-up.
    map.on("dragstart", () => {
      this.follows = true; // Whatever the page was about to do, somebody has the map in their hand.
    });
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), AFTER_MOVE_MS);
  }

  rest() {
    this.timer = undefined;
    this.tellStill?.();
    this.tellStill = null;
    this.dispatchEvent(new Event("rested"));
    if (this.follows) this.dispatchEvent(new CustomEvent("asked", { detail: viewBox(this.map) }));
    this.follows = true;
  }

  /** Let the map show a box without asking about it.
   * @param {import("../data/geo.js").Box} box
   */
  show(box) {
    this.bySelf();
    showBox(this.map, box);
  }

  /** The next move is the page's own. */
  bySelf() {
    this.follows = false;
    // The move before does not end this one, which may begin a moment later: Leaflet waits until a turned phone is still.
    if (this.timer) this.wait();
  }
}
