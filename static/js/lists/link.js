/**
 * A list as the fragment of an address: `#v=1&n=Name&p=aid_points.<ids>`. Browsers never send a fragment to a server. Of a
 * point there is its id, 16 bytes in 22 signs; notes stay at home. A point of another layer begins a new `p`.
 */
import { cleanList, MOST_POINTS } from "./store.js";

const SIGNS = 22;
/** Longer than any list of ours can be. */
const LONGEST = 200 + MOST_POINTS * (SIGNS + 50);

/** @param {import("./store.js").List} list */
export function fragmentOf({ name, points }) {
  const parameters = new URLSearchParams({ v: "1", n: name });
  let layer = "";
  let run = "";
  const close = () => run && parameters.append("p", `${layer}.${run}`);
  for (const point of points) {
    if (point.layer !== layer) {
      close();
      layer = point.layer;
      run = "";
    }
    run += shortId(point.id);
  }
  close();
  return `#${parameters}`;
}

/** The list of a fragment; `null` where it is none. Whatever stands in it is only text.
 * @param {string} fragment
 * @returns {import("./store.js").List | null}
 */
export function listOf(fragment) {
  if (fragment.length > LONGEST) return null;
  const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
  if (parameters.get("v") !== "1") return null;
  const points = parameters.getAll("p").flatMap((run) => {
    const [layer, ids = ""] = run.split(".", 2);
    return (ids.match(/.{22}/g) ?? []).map((short) => ({ layer, id: longId(short), name: "", note: "" }));
  });
  const list = cleanList({ name: parameters.get("n"), points });
  return list.points.length ? list : null;
}

/** Whether an address has lost its end on the way, as some programs do with long ones: a place in it is not whole.
 * @param {string} fragment
 */
export function isCut(fragment) {
  const runs = new URLSearchParams(fragment.replace(/^#/, "")).getAll("p");
  return runs.some((run) => (run.split(".", 2)[1] ?? "").length % SIGNS !== 0);
}

/** @param {string} id */
function shortId(id) {
  const bytes = (id.replaceAll("-", "").match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** @param {string} short @returns {string} "" where it is no id */
function longId(short) {
  if (!/^[A-Za-z0-9_-]{22}$/.test(short)) return "";
  const bytes = atob(`${short.replaceAll("-", "+").replaceAll("_", "/")}==`);
  const hex = [...bytes].map((sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
