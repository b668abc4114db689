/** A map that forgets what was not asked for longest, so that a long look around does not fill the phone.
 * @template V
 */
export class Lru {
  /** @param {number} capacity */
  constructor(capacity) {
    this.capacity = capacity;
    /** @type {Map<string, V>} */
    this.entries = new Map();
  }

  /** @param {string} key @returns {V | undefined} */
  get(key) {
    const value = this.entries.get(key);
    if (value !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, value);
    }
    return value;
  }

  /** @param {string} key @param {V} value */
  set(key, value) {
    this.entries.delete(key);
    this.entries.set(key, value);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.capacity) break;
      this.entries.delete(oldest);
    }
  }
}
