/** The token and the cluster, drawn: the same shapes as in the list, where the server draws them. */
import { countText } from "../data/format.js";
import { FAMILIES } from "../data/taxonomy.js";
import { svg } from "../dom.js";

/** @typedef {import("../data/taxonomy.js").Family} Family */

/** From where the outline of a circle begins, on its right, a quarter of the way back. To turn it costs more to draw. */
const TO_THE_TOP = 25;
const HIDDEN = { "aria-hidden": "true", focusable: "false" };

/** What has been drawn once is copied: that costs a third. @type {Map<string, SVGElement>} */
const drawn = new Map();

/**
 * @template {SVGElement} T
 * @param {string} key
 * @param {() => T} draw
 * @returns {T}
 */
function copied(key, draw) {
  const known = drawn.get(key) ?? draw();
  drawn.set(key, known);
  return /** @type {T} */ (known.cloneNode(true));
}

/**
 * Shape and colour say the family, the drawing the service, the fill whether one can go, the ring when it was checked.
 * @param {string} sprite
 * @param {{ family: Family, icon: string, state: import("../data/opening.js").OpeningState, ring: import("../data/freshness.js").Ring }} looks
 */
export function token(sprite, { family, icon, state, ring }) {
  const badge = BADGES[state];
  return copied(`token ${sprite} ${family} ${icon} ${state} ${ring}`, () =>
    svg(
      "svg",
      { class: `token fam-${family} is-${state} fresh-${ring}`, viewBox: "0 0 40 40", ...HIDDEN },
      svg("circle", { class: "t-disc", cx: 20, cy: 20, r: 20 }),
      svg("circle", { class: "t-track", cx: 20, cy: 20, r: 18.2 }),
      svg("circle", { class: "t-ring", cx: 20, cy: 20, r: 18.2, pathLength: 96 }),
      svg("use", { class: "t-body", href: `${sprite}#s-${family}`, x: -1.4, y: -1.4, width: 42.8, height: 42.8 }),
      svg("use", { class: "t-icon", href: `${sprite}#i-${icon}`, x: 11, y: 11, width: 18, height: 18 }),
      badge &&
        svg("g", { class: badge.classes }, svg("circle", { cx: 32.5, cy: 7.5, r: 7 }), svg("path", { d: badge.sign })),
    ),
  );
}

/**
 * A donut of families by share, the count, and the shapes of the three largest, so that composition needs no colour.
 * @param {string} sprite
 * @param {{ count: number, families: number[] }} cluster
 * @param {string} lang
 */
export function clusterArt(sprite, { count, families }, lang) {
  const shares = FAMILIES.map((family, i) => ({ family, n: families[i] ?? 0 }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n);
  const minis = shares.slice(0, 3);
  const art = copied("cluster", () =>
    svg(
      "svg",
      { class: "cluster-art", viewBox: "0 0 56 56", ...HIDDEN },
      svg("circle", { class: "c-disc", cx: 28, cy: 28, r: 28 }),
    ),
  );
  art.append(
    ...segments(shares),
    ...countArt(countText(count, lang), minis.length ? 23 : 28),
    ...minis.map(({ family }, i) => {
      const x = 21.5 + (i - (minis.length - 1) / 2) * 13;
      return copied(`mini ${sprite} ${family} ${x}`, () =>
        svg("use", { class: `c-mini fam-${family}`, href: `${sprite}#s-${family}`, x, y: 31, width: 13, height: 13 }),
      );
    }),
  );
  return art;
}

/** The count; one of more than three signs is wider than the ring leaves room for and lies on a strip across it, which
 * has room for the widest letters of usual systems (DejaVu, bold).
 * @param {string} text
 * @param {number} y its middle
 */
function countArt(text, y) {
  if (text.length <= 3) return [svg("text", { class: "c-count", x: 28, y: y + 6 }, text)];
  const width = [...text].reduce((sum, sign) => sum + (/[\s.,]/.test(sign) ? 5.2 : 9.6), 10);
  return [
    svg("rect", { class: "c-strip", x: 28 - width / 2, y: y - 10, width, height: 20, rx: 10 }),
    svg("text", { class: "c-count long", x: 28, y: y + 5 }, text),
  ];
}

/** Arcs of the donut, with a gap of two hundredths between them.
 * @param {{ family: Family, n: number }[]} shares
 */
function segments(shares) {
  const total = shares.reduce((sum, { n }) => sum + n, 0);
  const gap = shares.length > 1 ? 2 : 0;
  let start = 0;
  return shares.map(({ family, n }) => {
    const share = (n / total) * 100;
    const long = Math.max(share - gap, 1);
    const arc = copied(`arc ${family}`, () =>
      svg("circle", { class: `c-seg fam-${family}`, cx: 28, cy: 28, r: 24, pathLength: 100 }),
    );
    arc.setAttribute("stroke-dasharray", `${long.toFixed(1)} ${(100 - long).toFixed(1)}`);
    arc.setAttribute("stroke-dashoffset", (TO_THE_TOP - start).toFixed(1));
    start += share;
    return arc;
  });
}

/** @type {Record<import("../data/opening.js").OpeningState, { classes: string, sign: string } | null>} */
const BADGES = {
  open: null,
  soon: { classes: "t-badge", sign: "M32.5 3.8v4l2.6 1.5" },
  closed: { classes: "t-badge t-badge-c", sign: "M29.5 7.5h6" },
  unknown: { classes: "t-badge t-badge-q", sign: "M30.5 6a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1M32.5 11v.01" },
};

/** @type {Record<import("../data/opening.js").OpeningState, { shape: string, sign: string, dashed?: boolean }>} */
const STATES = {
  open: { shape: "fill", sign: "m6.3 10.3 2.6 2.7 4.8-5.7" },
  soon: { shape: "fill", sign: "M10 5.5v4.8l3 1.7" },
  closed: { shape: "line", sign: "M6.5 10h7" },
  unknown: { shape: "line", sign: "M8 8.3a2 2 0 1 1 2.8 1.8c-.6.3-.8.6-.8 1.2M10 13.8v.01", dashed: true },
};

/** The small sign before the words of a state.
 * @param {import("../data/opening.js").OpeningState} state
 */
export function stateArt(state) {
  const { shape, sign, dashed } = STATES[state];
  const solid = shape === "fill";
  return svg(
    "svg",
    { class: "state-art", viewBox: "0 0 20 20", ...HIDDEN },
    svg("circle", { class: `st-${shape}${dashed ? " st-dash" : ""}`, cx: 10, cy: 10, r: solid ? 8 : 7.5 }),
    svg("path", { class: solid ? "st-cut" : "st-line", d: sign }),
  );
}

/** The ring before the words of a check.
 * @param {import("../data/freshness.js").Ring} ring
 */
export function ringArt(ring) {
  return svg(
    "svg",
    { class: `ring fresh-${ring}`, viewBox: "0 0 20 20", ...HIDDEN },
    svg("circle", { class: "r-base", cx: 10, cy: 10, r: 7.5 }),
    svg("circle", { class: "r-track", cx: 10, cy: 10, r: 7.5, pathLength: 96 }),
    ring === "full" && svg("path", { class: "r-tick", d: "m7 10.2 2.2 2.3 4-4.7" }),
  );
}
