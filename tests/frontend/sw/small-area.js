/** A kept area with a few places, as the server gives it. */

/** A Monday, midnight in Warsaw, in seconds. */
export const MIDNIGHT = Date.parse("2026-11-22T23:00:00Z") / 1000;
export const HOUR_MS = 3_600_000;

/** @param {string} id @param {object} about @param {object} [slim] @param {[number, number] | null} [at] */
export function place(id, about, slim = {}, at = [20.6, 50.8]) {
  const kept = {
    services: ["hot_meals", "food", "family:food"],
    audiences: { named: [], preferred: [], only: [] },
    everyone: false,
    words: [id],
    opened: null,
    served: null,
    html: `<h1>${id}</h1><!--state--><!--checked-->`,
    ...about,
  };
  return {
    type: "Feature",
    id,
    geometry: at && { type: "Point", coordinates: at },
    properties: { layer: "aid_points", name: id, slug: id, services: ["hot_meals"], ...slim, kept },
  };
}

/** @param {object[]} features */
export function areaOf(features) {
  const sign = (/** @type {string} */ kind) =>
    Object.fromEntries(["open", "soon", "closed", "unknown"].map((state) => [state, `<${kind} ${state}>{words}`]));
  return /** @type {any} */ ({
    type: "FeatureCollection",
    midnight: MIDNIGHT,
    days: 14,
    access: { free: "cost", low_cost: "cost", step_free: "entry" },
    unkept: ["violence_support", "safety"],
    signs: {
      states: Object.fromEntries(
        ["open", "soon", "closed", "unknown"].map((s) => [s, `<span class="state is-${s}">{words}</span>`]),
      ),
      badges: sign("badge"),
      checks: Object.fromEntries(["full", "half", "none"].map((r) => [r, `<p class="checked">${r} {words}</p>`])),
    },
    features,
  });
}
