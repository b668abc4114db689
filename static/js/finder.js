/**
 * The finder: makes the map beside the list that the server wrote, and keeps the two one.
 *
 * The page works without this. It gives, on `#map` (the place of the map, empty or with words for pages without script,
 * inside `.mapbox`): `data-lang`, `data-clock` (data/zone.js), `data-layer`, `data-tiles-url` (`…/{z}/{x}/{y}.geojson`), `data-basemap` (JSON, see
 * map/config.js), `data-bounds` (`w,s,e,n`), `data-taxonomy-url`, `data-messages-url`, `data-results-url` (the page's own
 * address without query), `data-suggest-url`, `data-units-url`, `data-sprite-url`, `data-outline-url`,
 * `data-draw-sheet-url`.
 *
 * And in the page:
 * - `[data-results]`: the sheet; its children are replaced by the answer of `data-results-url?…` asked with the header
 *   `X-Fragment: results` (so that answer needs `Vary: X-Fragment`). In it `[data-count="138 miejsc"]`, rows
 *   `li.hit[data-id][data-lng][data-lat]` (no position where there is none), `[data-sort="near"]` when nearest come first,
 *   `[data-bounds="w,s,e,n"]` when the question is about a town (the map goes there). When it was understood as another
 *   question, it is redirected to that one's address;
 * - `a[data-filter="service"][data-value="food"]`: a chip that turns one value on or off, its href the same for pages
 *   without script, `.on` when on;
 * - `a[data-ask]`: a link whose query is the new question (tags, "show next 20", "clear");
 * - `form[data-ask]` (the panel, the search; `data-at-once` asks on every change, for the order): GET forms;
 * - `[data-count-button]`: the button of the panel that says how many places there are; `[data-filter-count]`: the badge;
 *   the panel's form and foot are the answer with the header `X-Fragment: panel`; `[data-units]`: its field for an area;
 * - `input#q` and an empty hidden `.suggest[data-suggest]`; `[data-locate]`: buttons, hidden until script shows them;
 * - `.swap a`: the switch between map and list.
 */
import { breath, painted } from "./breath.js";
import { Taxonomy } from "./data/taxonomy.js";
import { setClock } from "./data/zone.js";
import { loadMessages, t } from "./i18n.js";
import { mapMessage } from "./map/message.js";

/**
 * The list first: the map waits until it is on the screen, and comes in pieces, so that the list answers meanwhile.
 * @param {HTMLElement} element
 */
async function start(element) {
  const { lang, clock, taxonomyUrl, messagesUrl } = element.dataset;
  const texts = loadMessages(lang || document.documentElement.lang, messagesUrl);
  const services = loadTaxonomy(taxonomyUrl);
  setClock(clock);
  await painted();
  const { startFinder } = await import("./finder/finder.js");
  await texts;
  await breath();
  await startFinder(element, await services);
}

/** @param {string | undefined} url */
async function loadTaxonomy(url) {
  try {
    const answer = url ? await fetch(url) : null;
    return new Taxonomy(answer?.ok ? await answer.json() : {});
  } catch {
    return new Taxonomy();
  }
}

const element = document.getElementById("map");
if (element) {
  start(element).catch(() => {
    const holder = /** @type {HTMLElement} */ (element.closest(".mapbox") ?? element);
    mapMessage(holder).say(t("The map did not load. The list works and has all places."), {
      label: t("Load the map"),
      run: () => location.reload(),
    });
  });
}
