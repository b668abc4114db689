/** The way to a place in the map application of the device, whose address is not the same on every device. */
import { findAll } from "../dom.js";

/**
 * `[data-way]` are links to `geo:`, which Androids open in whatever map application there is. Apple's devices say that such
 * an address is not valid, and a computer does nothing: there the links lead to one of `[data-map]`, which stand in the page.
 * @param {ParentNode} page
 * @param {{ userAgent: string }} device
 */
export function enhanceWays(page, device = navigator) {
  const map = mapOf(device.userAgent);
  const there = map && /** @type {HTMLAnchorElement | null} */ (page.querySelector(`[data-map="${map}"]`));
  if (!there) return;
  for (const way of findAll(page, "a[data-way]")) /** @type {HTMLAnchorElement} */ (way).href = there.href;
}

/** Whose address to take instead of `geo:`; null where that opens an application.
 * @param {string} agent
 * @returns {"apple" | "openstreetmap" | null}
 */
export function mapOf(agent) {
  // An iPad says that it is a Mac; both have the application.
  if (/iPhone|iPad|iPod|Macintosh/.test(agent)) return "apple";
  return /Android|Mobi/.test(agent) ? null : "openstreetmap";
}
