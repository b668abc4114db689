/**
 * Keeping the area of the question on this device: `[data-keep-area]` of the list (hidden without script) gives the code
 * and `data-name`; in it a button, `[data-keep-said]` for how it stands and a link to the page of what is kept.
 */
import { find } from "../dom.js";
import { spoken, t } from "../i18n.js";
import { keptArea } from "../sw/areas.js";
import { ageWords } from "../sw/words.js";

const PATIENCE_MS = 120_000;
/** More than any area needs. */
const ROOM_BYTES = 5_000_000;

/** @param {HTMLElement} list @param {string} lang */
export async function offerKeeping(list, lang) {
  const box = find(list, "[data-keep-area]");
  const button = box && find(box, "button");
  if (!box || !button || !("serviceWorker" in navigator) || !("caches" in globalThis)) return;
  const area = { code: box.dataset.keepArea ?? "", lang, name: box.dataset.name ?? "" };
  const show = (/** @type {import("../sw/areas.js").Kept | null} */ kept) => {
    if (!kept) return;
    // What a question about another hour needs, for when there is no network: the worker keeps each file that is loaded.
    import("../data/then.js").catch(() => {});
    say(box, t("It is on this device. %(age)s.", { age: ageWords(kept.date, Date.now(), spoken()) }));
    const words = find(box, "[data-keep-words]");
    if (words) words.textContent = t("Keep it anew: %(area)s", { area: area.name });
  };
  button.addEventListener("click", async () => {
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    say(box, t("Fetching it …"));
    // Whoever asks for it does not want the browser to clear it away.
    await navigator.storage?.persist?.().catch(() => false);
    const kept = await askWorker(area);
    button.removeAttribute("aria-busy");
    if (kept) show(kept);
    else if (await isFull()) say(box, t("There is not enough room on this device. Free some of it and try again."));
    else say(box, t("This did not work. Try again with a better connection."));
  });
  show(await keptArea(area).catch(() => null));
  box.hidden = false;
}

/** Whether the browser has no room for an area, as far as it tells. */
async function isFull() {
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return quota > 0 && quota - usage < ROOM_BYTES;
}

/** @param {HTMLElement} box @param {string} words */
function say(box, words) {
  const said = find(box, "[data-keep-said]");
  if (said) said.textContent = words;
}

/**
 * @param {import("../sw/areas.js").Area & { name: string }} area
 * @returns {Promise<import("../sw/areas.js").Kept | null>} what is kept of it now; `null` where that did not work
 */
async function askWorker(area) {
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const late = setTimeout(() => resolve(null), PATIENCE_MS);
    port1.onmessage = ({ data }) => {
      clearTimeout(late);
      port1.close();
      resolve(data);
    };
    active?.postMessage({ kind: "keep-area", area }, [port2]);
  });
}
