/**
 * Fetches the points of a view, tile by tile. Answers that are no longer wanted are aborted; what was had once is kept
 * for a while. The last complete picture stays until the next one is there.
 */
import { Lru } from "../data/lru.js";
import { readItems } from "../data/points.js";
import { tilesInView, tileUrl } from "../data/tiles.js";

const KEPT_TILES = 160;
/** A tile is asked for again after this: points are published, hours go by. */
const FRESH_MS = 5 * 60_000;

/** After this long a map without its places is said to wait for them. */
const SLOW_MS = 700;

/** Events: `items` (detail: Item[]), `failed`, `slow`: neither has come yet. */
export class PointTiles extends EventTarget {
  /** @param {string} template address of a tile with `{z}`, `{x}`, `{y}` */
  constructor(template) {
    super();
    this.template = template;
    /** @type {Lru<{ collection: unknown, at: number }>} */
    this.cache = new Lru(KEPT_TILES);
    /** @type {Map<string, AbortController>} */
    this.running = new Map();
    this.turn = 0;
  }

  /**
   * Show the points of a view.
   * @param {import("../data/geo.js").Box} box
   * @param {number} zoom
   * @param {string} filters query of the tiles
   */
  async load(box, zoom, filters) {
    this.turn += 1;
    const turn = this.turn;
    const urls = tilesInView(box, zoom).map((tile) => tileUrl(this.template, tile, filters));
    for (const [url, controller] of this.running) if (!urls.includes(url)) controller.abort();
    const slow = setTimeout(() => turn === this.turn && this.dispatchEvent(new Event("slow")), SLOW_MS);
    const answers = await Promise.all(urls.map((url) => this.tile(url)));
    clearTimeout(slow);
    if (turn !== this.turn) return;
    const had = answers.filter((answer) => answer !== null);
    if (had.length) this.dispatchEvent(new CustomEvent("items", { detail: readItems(had) }));
    if (had.length < answers.length) this.dispatchEvent(new Event("failed"));
  }

  /** What there is in a box at a zoom, as far as it can be had; nothing is shown.
   * @param {import("../data/geo.js").Box} box
   * @param {number} zoom
   * @param {string} filters query of the tiles
   */
  async look(box, zoom, filters) {
    return readItems(
      await Promise.all(tilesInView(box, zoom).map((tile) => this.tile(tileUrl(this.template, tile, filters)))),
    );
  }

  /** The collection of a tile; `null` when it cannot be had.
   * @param {string} url
   * @returns {Promise<unknown>}
   */
  async tile(url) {
    const kept = this.cache.get(url);
    if (kept && Date.now() - kept.at < FRESH_MS) return kept.collection;
    const controller = new AbortController();
    this.running.get(url)?.abort();
    this.running.set(url, controller);
    try {
      // The list beside it is of now: without this a browser may show for eleven minutes what it had of the map, with a
      // place that was taken down. What has not changed is 304, and servers in front go on giving what they keep.
      const answer = await fetch(url, { signal: controller.signal, cache: "no-cache" });
      if (!answer.ok) throw new Error(String(answer.status));
      const collection = answer.status === 204 ? { features: [] } : await answer.json();
      this.cache.set(url, { collection, at: Date.now() });
      return collection;
    } catch {
      return kept?.collection ?? null;
    } finally {
      if (this.running.get(url) === controller) this.running.delete(url);
    }
  }
}
