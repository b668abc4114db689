/**
 * The keys of the desk as somebody has chosen them, kept on the device: whether single keys do anything at all, and which.
 * An act is known by the key that it has until somebody gives it another one.
 */

const STORED = "pomapa.desk.shortcuts";
const CHOSEN = "pomapa.desk.keys";

/** What opens the help. It stays as it is, so that the way back is always there. */
export const HELP = "?";

export class Keys {
  /** @param {Storage} storage */
  constructor(storage) {
    this.storage = storage;
    this.on = storage.getItem(STORED) === "on";
    /** @type {Record<string, string>} */
    this.chosen = read(storage.getItem(CHOSEN));
  }

  /** @param {boolean} on */
  turn(on) {
    this.on = on;
    this.storage.setItem(STORED, on ? "on" : "off");
  }

  /** The key of an act.
   * @param {string} act
   */
  of(act) {
    return this.chosen[act] ?? act;
  }

  /**
   * Give an act another key; `false`, and nothing is done, for one that cannot be or that another act has.
   * @param {string} act
   * @param {string} key
   * @param {readonly string[]} acts all there are
   */
  choose(act, key, acts) {
    const wanted = key.toLowerCase();
    const taken = acts.some((other) => other !== act && this.of(other) === wanted);
    if ([...wanted].length !== 1 || /[\s?]/u.test(wanted) || taken) return false;
    this.chosen[act] = wanted;
    this.storage.setItem(CHOSEN, JSON.stringify(this.chosen));
    return true;
  }

  /** Every act has its first key again. */
  reset() {
    this.chosen = {};
    this.storage.removeItem(CHOSEN);
  }
}

/** What was kept, as far as it can be believed.
 * @param {string | null} kept
 * @returns {Record<string, string>}
 */
function read(kept) {
  try {
    const found = JSON.parse(kept ?? "{}");
    return Object.fromEntries(Object.entries(found ?? {}).filter(([, key]) => typeof key === "string"));
  } catch {
    return {};
  }
}
