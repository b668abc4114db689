/** A place that is read beside the map: what map and list do meanwhile. */
import { Details } from "./details.js";

/** By what a question is of a place, whatever the map shows. */
const PLACES = ["place", "area", "near"];

export class Reading {
  /**
   * @param {import("./finder.js").Finder} finder
   * @param {(words: string) => void} say a word on the screen; given by the finder, which has it already: a file that two
   * share would be one more to wait for
   */
  constructor(finder, say) {
    this.finder = finder;
    /** What the map was moved to while a place was read. @type {import("../data/geo.js").Box | null} */
    this.movedTo = null;
    /** The question of the list that waits. */
    this.waiting = finder.query;
    if (!finder.list) throw new Error("There is no list.");
    this.details = new Details(finder.list, finder.home, say);
    this.details.addEventListener("opened", (event) => this.show(/** @type {CustomEvent} */ (event).detail));
    this.details.addEventListener("closed", () => this.goOn());
  }

  /** @param {string} url @param {boolean} [isNew] whether it becomes a new entry of the history */
  read(url, isNew) {
    return this.details.open(url, isNew);
  }

  /** Something else is asked: of what the map shows now, unless it is of another place. */
  end() {
    const { finder, movedTo, waiting } = this;
    this.details.hide();
    if (!movedTo) return;
    queueMicrotask(() => {
      const { query } = finder;
      const isThere = query.get("bbox")?.[0] === waiting.get("bbox")?.[0];
      if (isThere && !PLACES.some((name) => query.has(name))) finder.askOf(movedTo);
    });
  }

  /**
   * Whether the list waits with what the map shows now until the place has been read.
   * @param {import("../data/geo.js").Box} box
   */
  waits(box) {
    if (!this.details.shown) return false;
    this.movedTo = box;
    this.waiting = this.finder.query;
    return true;
  }

  /**
   * The map shows which place is read; where it is in sight, it does not move.
   * @param {{ id: string, position: import("../data/geo.js").Position | null }} place
   */
  show({ id, position }) {
    const { map, layer, moves } = this.finder;
    map.closePopup();
    layer.choose(id, position);
    if (!position) return;
    /** @type {[number, number]} */
    const spot = [position[1], position[0]];
    if (map.getBounds().contains(spot)) return;
    moves.bySelf();
    map.panTo(spot);
  }

  /** The list again, of what the map shows, unless the way back led to another question. */
  goOn() {
    const { finder, movedTo, waiting } = this;
    this.movedTo = null;
    finder.layer.choose(null);
    finder.results?.name();
    if (movedTo && location.pathname === finder.home && finder.query === waiting) finder.askOf(movedTo);
  }
}
