/** A place that is read beside the map: what map and list do meanwhile. */
import { Details } from "./details.js";

export class Reading {
  /** @param {import("./finder.js").Finder} finder */
  constructor(finder) {
    this.finder = finder;
    /** What the map was moved to while a place was read. @type {import("../data/geo.js").Box | null} */
    this.movedTo = null;
    if (!finder.list) throw new Error("There is no list.");
    this.details = new Details(finder.list, finder.home);
    this.details.addEventListener("opened", (event) => this.show(/** @type {CustomEvent} */ (event).detail));
    this.details.addEventListener("closed", () => this.goOn());
  }

  /** @param {string} url @param {boolean} [isNew] whether it becomes a new entry of the history */
  read(url, isNew) {
    return this.details.open(url, isNew);
  }

  /** The list is asked for again. */
  end() {
    this.details.hide();
  }

  /**
   * Whether the list waits with what the map shows now until the place has been read.
   * @param {import("../data/geo.js").Box} box
   */
  waits(box) {
    if (!this.details.shown) return false;
    this.movedTo = box;
    return true;
  }

  /**
   * The map shows which place is read; where it is in sight, it does not move.
   * @param {{ id: string, position: import("../data/geo.js").Position | null }} place
   */
  show({ id, position }) {
    const { map, layer, moves } = this.finder;
    map.closePopup();
    layer.choose(id);
    if (!position) return;
    /** @type {[number, number]} */
    const spot = [position[1], position[0]];
    if (map.getBounds().contains(spot)) return;
    moves.bySelf();
    map.panTo(spot);
  }

  /** The list again, of what the map shows. */
  goOn() {
    const { finder, movedTo } = this;
    this.movedTo = null;
    finder.layer.choose(null);
    finder.results?.name();
    if (movedTo && location.pathname === finder.home) finder.askOf(movedTo);
  }
}
