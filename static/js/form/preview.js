/**
 * How others will read what is being filled in, live: `[data-preview-url]` is a `[data-preview]`, or has one in it, which gets
 * the piece of a page that the address gives for these answers.
 */
import { find } from "../dom.js";

const PREVIEW_AFTER_MS = 400;

/**
 * @param {HTMLElement} part
 * @param {(name: string) => boolean} isAsked which of the form's inputs the words are made of
 * @param {HTMLElement} [inputs] where they are, if not in the part itself; what stands there already is told at once
 */
export function livePreview(part, isAsked, inputs = part) {
  const url = part.dataset.previewUrl;
  const preview = find(part, "[data-preview]") ?? find(document, "[data-preview]");
  const form = part.closest("form");
  if (!url || !preview || !form) return;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | undefined} */
  let asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const answers = new URLSearchParams();
    for (const [key, value] of new FormData(form)) if (isAsked(key)) answers.append(key, String(value));
    try {
      const answer = await fetch(url, { method: "POST", body: answers, signal: asking.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      preview.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
    } catch {
      // The last preview stays; sending the form tells what is wrong.
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PREVIEW_AFTER_MS);
  };
  inputs.addEventListener("input", later);
  inputs.addEventListener("change", later);
  if (inputs !== part) ask();
}
