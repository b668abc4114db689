/**
 * How high is what stays on top of a phone's screen. What has to come to lie below it goes by these properties; the sheet
 * holds what they are where no line is broken.
 */
import { find } from "../dom.js";

/** @param {HTMLElement} page */
export function keepHeightsTrue(page) {
  const asked = find(page, ".ask");
  if (!asked) return;
  // The browser tells after it has laid out the page; asked in between, it would do that twice.
  const watcher = new ResizeObserver(([told]) => {
    const height = told?.borderBoxSize[0]?.blockSize;
    if (height) document.documentElement.style.setProperty("--ask", `${height}px`);
  });
  watcher.observe(asked);
}
