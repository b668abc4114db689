/** An area while it is drawn: its corners, one step after the other, each of which can be taken back. */
import { corner, faultOf, LEAST_CORNERS, MOST_CORNERS, nearestSide } from "./ring.js";

/** @typedef {import("./geo.js").Position} Position */
/** @typedef {import("./ring.js").Fault} Fault */

export class Drawing {
  /** @param {readonly Position[]} [corners] of an area that is there already; else one begins with none */
  constructor(corners = []) {
    /** @type {readonly Position[]} */
    this.corners = corners.map(([lng, lat]) => corner(lng, lat));
    /** Whether the last corner is joined with the first, so that a new one comes between two others. */
    this.closed = corners.length >= LEAST_CORNERS;
    /** The corners before each step. @type {(readonly Position[])[]} */
    this.before = [];
  }

  /**
   * One corner more: at the end, or in the side nearest to it where the area is closed.
   * @param {Position} position
   * @returns {Fault | number} its index, or why it cannot be
   */
  add([lng, lat]) {
    if (this.corners.length >= MOST_CORNERS) return "many";
    const given = corner(lng, lat);
    const at = this.closed ? nearestSide(this.corners, given) + 1 : this.corners.length;
    const fault = this.take([...this.corners.slice(0, at), given, ...this.corners.slice(at)]);
    return fault ?? at;
  }

  /**
   * @param {number} index
   * @param {Position} position
   * @returns {Fault | null}
   */
  move(index, [lng, lat]) {
    return this.take(this.corners.map((old, i) => (i === index ? corner(lng, lat) : old)));
  }

  /** @param {number} index @returns {Fault | null} */
  remove(index) {
    if (this.closed && this.corners.length <= LEAST_CORNERS) return "few";
    return this.take(this.corners.filter((_, i) => i !== index));
  }

  /** Take back the last step; false where there was none. */
  undo() {
    const last = this.before.pop();
    if (!last) return false;
    this.corners = last;
    return true;
  }

  /** What keeps it from being an area. @returns {Fault | null} */
  get fault() {
    return faultOf(this.corners, true);
  }

  /** @param {readonly Position[]} corners @returns {Fault | null} */
  take(corners) {
    const fault = faultOf(corners, this.closed);
    if (fault) return fault;
    this.before.push(this.corners);
    this.corners = corners;
    return null;
  }
}
