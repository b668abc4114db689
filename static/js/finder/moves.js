/** The map as somebody moves it: the moves of a visitor are questions, those that the page makes itself are not. */
import { showBox, viewBox } from "../map/boxes.js";

const AFTER_MOVE_MS = 250;
/** Whoever waits for the map to rest waits no longer than this. */
const LONGEST_MOVE_MS = 4000;
/** What moves the map when it is pressed. */
const MOVERS = ".cluster, .zoom";
/** Keys that move nothing by themselves. */
const STILL_KEYS = new Set(["Tab", "Shift", "Escape"]);

/** Events: `rested` (the map shows another box), `asked` (and somebody has moved it there; detail: the box). */
export class Moves extends EventTarget {
  /**
   * @param {import("leaflet").Map} map
   * @param {EventTarget} holder of the map and of the tools on it
   */
  constructor(map, holder) {
    super();
    this.map = map;
    /**
     * Whether the map is in somebody's hand: since they moved it, until the page does. It is not told from the times of
     * moves: a page's own may end long after it has begun, and after another that came in between.
     */
    this.inHand = false;
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
    map.on("dragstart boxzoomstart", () => this.byHand());
    followHands(holder, () => this.byHand());
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
    if (this.inHand) this.ask(viewBox(this.map));
  }

  /** Ask about a box. @param {import("../data/geo.js").Box} box */
  ask(box) {
    this.dispatchEvent(new CustomEvent("asked", { detail: box }));
  }

  /** Let the map show a box without asking about it.
   * @param {import("../data/geo.js").Box} box
   */
  show(box) {
    this.bySelf();
    showBox(this.map, box);
  }

  /** What the map does now is the page's own, until somebody moves it. */
  bySelf() {
    this.inHand = false;
  }

  /** What the map does now is asked for. */
  byHand() {
    this.inHand = true;
  }
}

/**
 * Hear of everything by which somebody moves a map, before the map does. Leaflet tells of the dragging itself.
 * @param {EventTarget} holder
 * @param {() => void} heard
 */
function followHands(holder, heard) {
  const options = { capture: true, passive: true };
  for (const kind of ["wheel", "dblclick"]) holder.addEventListener(kind, heard, options);
  holder.addEventListener(
    "touchmove",
    (event) => /** @type {TouchEvent} */ (event).touches.length > 1 && heard(),
    options,
  );
  holder.addEventListener(
    "keydown",
    (event) => STILL_KEYS.has(/** @type {KeyboardEvent} */ (event).key) || heard(),
    options,
  );
  holder.addEventListener(
    "click",
    ({ target }) => target instanceof Element && target.closest(MOVERS) && heard(),
    options,
  );
}
