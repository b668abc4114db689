/**
 * Lists of places, kept in this browser and nowhere else. What is read back is checked as if a stranger had written it:
 * what does not fit is left out, and never breaks the page.
 */

/** @typedef {{ layer: string, id: string, name: string, note: string }} Saved */
/** @typedef {{ name: string, points: Saved[] }} List */

export const KEY = "pomapa.lists";
const LAST_KEY = "pomapa.lists.last";
const VERSION = 1;
export const MOST_LISTS = 20;
export const MOST_POINTS = 100;
const LONGEST_NAME = 80;
const LONGEST_NOTE = 300;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LAYER = /^[a-z][a-z_]{0,39}$/;

/**
 * Tells `changed` when this page has kept other lists than before. One for the page: what every page brings with it and
 * what is its own are built apart, each with its copy of this module.
 * @type {EventTarget}
 */
const changes = sharedByPage();

function sharedByPage() {
  const page = /** @type {Record<symbol, EventTarget>} */ (/** @type {unknown} */ (globalThis));
  const name = Symbol.for(KEY);
  page[name] ??= new EventTarget();
  return page[name];
}

/** Call back whenever the lists are others than before, here or in another tab.
 * @param {() => void} run
 */
export function whenChanged(run) {
  changes.addEventListener("changed", run);
  addEventListener("storage", run);
}

/** Text on one line, no longer than it may be.
 * @param {unknown} value
 * @param {number} longest
 */
function line(value, longest) {
  return typeof value === "string" ? [...value.replace(/\s+/g, " ").trim()].slice(0, longest).join("") : "";
}

/** @param {any} value @returns {Saved | null} */
export function cleanPoint(value) {
  if (typeof value?.id !== "string" || !ID.test(value.id)) return null;
  if (typeof value.layer !== "string" || !LAYER.test(value.layer)) return null;
  return { layer: value.layer, id: value.id, name: line(value.name, 200), note: line(value.note, LONGEST_NOTE) };
}

/** @param {any} value @returns {List} */
export function cleanList(value) {
  const given = Array.isArray(value?.points) ? value.points.slice(0, MOST_POINTS * 2) : [];
  /** @type {Map<string, Saved>} */
  const points = new Map();
  for (const one of given) {
    const point = cleanPoint(one);
    if (point && !points.has(point.id) && points.size < MOST_POINTS) points.set(point.id, point);
  }
  return { name: line(value?.name, LONGEST_NAME), points: [...points.values()] };
}

/**
 * The lists of this browser; none where nothing, or nothing readable, is kept. Where site data is switched off, the mere
 * name of the storage throws.
 * @param {Storage} [storage] this browser's
 * @returns {List[]}
 */
export function readLists(storage) {
  try {
    const kept = JSON.parse((storage ?? localStorage).getItem(KEY) ?? "null");
    if (kept?.v !== VERSION || !Array.isArray(kept.lists)) return [];
    return kept.lists.slice(0, MOST_LISTS).map(cleanList);
  } catch {
    return [];
  }
}

/** Forget what a place is called that is not on the map any more. It stays in the lists with its notes, without a name.
 * @param {string} id
 */
export function forgetName(id) {
  const lists = readLists();
  if (!lists.some(({ points }) => points.some((point) => point.id === id && point.name))) return;
  const nameless = (/** @type {Saved} */ point) => (point.id === id ? { ...point, name: "" } : point);
  writeLists(lists.map((list) => ({ ...list, points: list.points.map(nameless) })));
}

/** Keep the lists; says whether the browser did.
 * @param {List[]} lists
 * @param {Storage} [storage] this browser's
 */
export function writeLists(lists, storage) {
  try {
    (storage ?? localStorage).setItem(
      KEY,
      JSON.stringify({ v: VERSION, lists: lists.slice(0, MOST_LISTS).map(cleanList) }),
    );
  } catch {
    return false;
  }
  changes.dispatchEvent(new Event("changed"));
  return true;
}

/** Which list something was put into last; the first one where that is not known any more.
 * @param {readonly List[]} lists
 * @param {Storage} [storage] this browser's
 */
export function lastUsed(lists, storage) {
  try {
    const index = Number((storage ?? localStorage).getItem(LAST_KEY));
    return lists[index] ? index : 0;
  } catch {
    return 0;
  }
}

/** @param {number} index @param {Storage} [storage] this browser's */
export function rememberUsed(index, storage) {
  try {
    (storage ?? localStorage).setItem(LAST_KEY, String(index));
  } catch {
    // The next one goes into the first list.
  }
}

/** How many places are in the lists; one in two of them is one.
 * @param {readonly List[]} lists
 */
export function countSaved(lists) {
  return new Set(lists.flatMap(({ points }) => points.map(({ id }) => id))).size;
}

/** @param {readonly List[]} lists @param {string} id */
export function isSaved(lists, id) {
  return lists.some(({ points }) => points.some((point) => point.id === id));
}

/** Whether a list takes no place more.
 * @param {List | undefined} list
 */
export function isFull(list) {
  return (list?.points.length ?? 0) >= MOST_POINTS;
}

/** The lists without a place.
 * @param {readonly List[]} lists
 * @param {string} id
 */
export function without(lists, id) {
  return lists.map((list) => ({ ...list, points: list.points.filter((point) => point.id !== id) }));
}

/** The lists with a point put into one, or taken out of it when it was there.
 * @param {List[]} lists
 * @param {number} index
 * @param {Saved} point
 * @returns {List[]}
 */
export function toggled(lists, index, point) {
  return lists.map((list, i) => {
    if (i !== index) return list;
    const without = list.points.filter(({ id }) => id !== point.id);
    return { ...list, points: without.length < list.points.length ? without : [...list.points, point] };
  });
}

/** The same things with one moved by a step up (-1) or down (1).
 * @template T
 * @param {T[]} things
 * @param {number} index
 * @param {number} step
 */
export function moved(things, index, step) {
  const to = index + step;
  if (to < 0 || to >= things.length) return things;
  const copy = [...things];
  const [taken] = copy.splice(index, 1);
  copy.splice(to, 0, /** @type {T} */ (taken));
  return copy;
}
