/** A document for modules that build or read elements; import it before them. */
import { Window } from "happy-dom";

const window = new Window({ url: "https://pomapa.example/pl/" });
for (const name of [
  "window",
  "document",
  "Node",
  "Element",
  "HTMLElement",
  "HTMLInputElement",
  "Event",
  "EventTarget",
  "CustomEvent",
  "FormData",
  "history",
]) {
  Object.defineProperty(globalThis, name, { value: name === "window" ? window : window[name], configurable: true });
}
Object.defineProperty(globalThis, "addEventListener", {
  value: window.addEventListener.bind(window),
  configurable: true,
});

/** The body of a page with this markup.
 * @param {string} markup
 */
export function page(markup) {
  document.body.innerHTML = markup;
  return document.body;
}
