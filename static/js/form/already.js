/**
 * What is on the map already and may be the same, shown while somebody types.
 *
 * `[data-already-url]` in the form is filled with the piece of a page that the address gives for the answers so far.
 */
const ASKED_AFTER_MS = 800;

/** @param {HTMLElement} place */
export function showAlready(place) {
  const url = place.dataset.alreadyUrl;
  const form = place.closest("form");
  if (!url || !form) return;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | undefined} */
  let asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const answers = new URLSearchParams();
    for (const [key, value] of new FormData(form)) if (typeof value === "string") answers.append(key, value);
    try {
      const answer = await fetch(url, { method: "POST", body: answers, signal: asking.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // The same again is not read out again.
      if (wordsOf(page.body) === wordsOf(place)) return;
      place.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
    } catch {
      // What was said stays; a moderator looks for duplicates again.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, ASKED_AFTER_MS);
  });
}

/** @param {HTMLElement} element */
function wordsOf(element) {
  return (element.textContent ?? "").replace(/\s+/g, " ").trim();
}
