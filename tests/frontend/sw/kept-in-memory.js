/** As much of the browser's caches as the worker uses, in memory. */

const ORIGIN = "https://pomapa.example";

/**
 * Take the place of the browser's caches.
 * @param {{ room: number }} [disk] how many answers there is room for
 * @returns {Map<string, Map<string, Response>>} what is kept, by the name of the cache and the address
 */
export function keptInMemory(disk = { room: Number.POSITIVE_INFINITY }) {
  /** @type {Map<string, Map<string, Response>>} */
  const kept = new Map();
  const addressOf = (/** @type {any} */ request) => new URL(request.url ?? request, ORIGIN).href;
  const open = async (/** @type {string} */ name) => {
    const cache = kept.get(name) ?? new Map();
    kept.set(name, cache);
    return {
      match: async (/** @type {any} */ request) => cache.get(addressOf(request))?.clone(),
      matchAll: async () => [...cache.values()].map((answer) => answer.clone()),
      put: async (/** @type {any} */ request, /** @type {Response} */ answer) => {
        if (disk.room <= 0 && !cache.has(addressOf(request))) throw new DOMException("full", "QuotaExceededError");
        if (!cache.has(addressOf(request))) disk.room -= 1;
        cache.set(addressOf(request), answer);
      },
      delete: async (/** @type {any} */ request) => {
        const had = cache.delete(addressOf(request));
        if (had) disk.room += 1;
        return had;
      },
      keys: async () => [...cache.keys()].map((url) => ({ url })),
    };
  };
  const caches = {
    open,
    keys: async () => [...kept.keys()],
    delete: async (/** @type {string} */ name) => kept.delete(name),
  };
  Object.assign(globalThis, { caches });
  return kept;
}
