/**
 * The finder: makes the map beside the list that the server wrote, and keeps the two one.
 *
 * The page works without this. It gives, on `#map` (the place of the map, empty or with words for pages without script,
 * inside `.mapbox`): `data-lang`, `data-layer`, `data-tiles-url` (`…/{z}/{x}/{y}.geojson`), `data-basemap` (JSON, see
 * map/config.js), `data-bounds` (`w,s,e,n`), `data-taxonomy-url`, `data-messages-url`, `data-results-url` (the page's own
 * address without query), `data-suggest-url`, `data-sprite-url`, `data-outline-url`.
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
 * - `input#q` and an empty hidden `.suggest[data-suggest]`; `[data-locate]`: buttons, hidden until script shows them;
 * - `.swap a`: the switch between map and list.
 */
import { boxText, parseBox } from "./data/geo.js";
import { filtersOf, parseQuery, queryText, withValues } from "./data/query.js";
import { Taxonomy } from "./data/taxonomy.js";
import { find, findAll } from "./dom.js";
import { enhanceFilters, showQuery } from "./finder/filters.js";
import { whereAmI } from "./finder/locate.js";
import { Results } from "./finder/results.js";
import { enhanceSearch } from "./finder/search.js";
import { watchSwap } from "./finder/swap.js";
import { accuracyWords, markRow, pairListWithMap, writeDistances } from "./finder/sync.js";
import { loadMessages, t } from "./i18n.js";
import { brief, briefList, openAt } from "./map/brief.js";
import { readMapConfig } from "./map/config.js";
import { createMap, showCredit, viewBox } from "./map/create.js";
import { meLayer } from "./map/me.js";
import { mapMessage } from "./map/message.js";
import { PointLayer } from "./map/point-layer.js";
import { PointTiles } from "./map/point-tiles.js";
import { mapTools } from "./map/tools.js";

const AFTER_MOVE_MS = 250;
const EVERY_MINUTE_MS = 60_000;

/** @param {HTMLElement} element */
async function start(element) {
  const { dataset } = element;
  const config = readMapConfig(element);
  const holder = /** @type {HTMLElement} */ (element.closest(".mapbox") ?? element);
  const list = find(document, "[data-results]");
  const asked = parseBox(new URLSearchParams(location.search).get("bbox"));
  if (asked) config.bounds = asked;

  const [, taxonomy] = await Promise.all([
    loadMessages(config.lang, dataset.messagesUrl),
    loadTaxonomy(dataset.taxonomyUrl),
  ]);

  let query = parseQuery(location.search);
  const results = list && new Results(list, dataset.resultsUrl ?? location.pathname);
  const message = mapMessage(holder);
  const { map, basemap } = createMap(element, config);
  showCredit(holder, config.basemap);

  const placeUrl = (/** @type {import("./data/points.js").PointItem} */ { id, slim }) =>
    `/${config.lang}/${slim.layer}/${encodeURIComponent(id)}/${encodeURIComponent(slim.slug)}`;
  const layer = new PointLayer(map, { lang: config.lang, sprite: config.sprite, taxonomy, placeUrl });
  const tiles = new PointTiles(dataset.tilesUrl ?? "");
  const me = meLayer(map);

  const loadPoints = () => tiles.load(viewBox(map), map.getZoom(), queryText(filtersOf(query)));
  tiles.addEventListener("items", (event) => {
    message.clear();
    layer.show(/** @type {CustomEvent} */ (event).detail, wantedBy(query));
  });
  tiles.addEventListener("failed", () =>
    message.say(t("The map could not load all places. The list works."), { label: t("Try again"), run: loadPoints }),
  );

  /** Ask a new question: list, points and address follow.
   * @param {import("./data/query.js").Query} next
   * @param {"push" | "replace" | "none"} how the address changes
   */
  const ask = (next, how) => {
    query = next;
    const text = queryText(query);
    if (how !== "none") history[`${how}State`](null, "", text ? `?${text}` : location.pathname);
    showQuery(document.body, query);
    results?.load(text);
    if (how !== "replace") loadPoints();
  };

  /** The list may have answered another question than the one that was typed: a town instead of its name.
   * @param {string} answered
   */
  const understand = (answered) => {
    const box = parseBox(find(document, "[data-results] [data-bounds]")?.dataset.bounds);
    const isNew = answered !== queryText(query);
    if (isNew) {
      query = parseQuery(answered);
      history.replaceState(null, "", answered ? `?${answered}` : location.pathname);
      showQuery(document.body, query);
      loadPoints();
    }
    if (!box || !(isNew || query.has("place")) || query.has("bbox")) return;
    following = false;
    map.fitBounds([
      [box[1], box[0]],
      [box[3], box[2]],
    ]);
  };

  let settled = false;
  let following = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let moving;
  map.on("moveend", () => {
    clearTimeout(moving);
    moving = setTimeout(() => {
      loadPoints();
      if (!settled || !following) {
        settled = true;
        following = true;
        return;
      }
      // Somebody who moves the map is not asking about the town any more.
      const elsewhere = withValues(withValues(query, "place", []), "near", []);
      ask(withValues(elsewhere, "bbox", [boxText(viewBox(map))]), "replace");
    }, AFTER_MOVE_MS);
  });
  map.on("autopanstart", () => {
    following = false; // The map makes room for a pop-up; that is no new question.
  });
  map.on("zoomend", () => layer.draw());
  setInterval(() => layer.draw(), EVERY_MINUTE_MS);
  settled = true;
  loadPoints();

  addEventListener("popstate", () => {
    const next = parseQuery(location.search);
    if (queryText(next) === queryText(query)) return; // Only the fragment changed: the panel, map or list.
    const box = parseBox(next.get("bbox")?.[0]) ?? config.bounds;
    following = false;
    map.fitBounds([
      [box[1], box[0]],
      [box[3], box[2]],
    ]);
    ask(next, "none");
  });

  /** @type {import("leaflet").Popup | null} */
  let open = null;
  const context = {
    lang: config.lang,
    sprite: config.sprite,
    taxonomy,
    placeUrl,
    looks: (/** @type {import("./data/points.js").PointItem} */ point) => layer.looks(point, Date.now()),
    me: () => layer.me,
    close: () => open?.close(),
  };
  layer.addEventListener("choose", (event) => {
    const { points, element: pin } = /** @type {CustomEvent} */ (event).detail;
    const [point] = points;
    const id = points.length === 1 ? point.id : null;
    layer.choose(id);
    if (list) markRow(list, id);
    const node = points.length === 1 ? brief(point, context) : briefList(points, context);
    const byKeyboard = pin.matches(":focus-visible");
    open = openAt(map, point.position, node);
    if (byKeyboard) find(node, "a, button")?.focus();
    const popup = open;
    popup.on("remove", () => {
      if (open === popup) open = null;
      layer.choose(null);
      if (list) markRow(list, null);
      if (node.contains(document.activeElement) || document.activeElement === document.body) pin.focus?.();
    });
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open?.close();
  });

  const locate = async () => {
    try {
      const { position, accuracy_m } = await whereAmI();
      layer.me = position;
      me.show(position, accuracyWords(accuracy_m));
      message.clear();
      map.setView([position[1], position[0]], Math.max(map.getZoom(), accuracy_m > 2000 ? 12 : 14));
      if (list) writeDistances(list, position, config.sprite);
    } catch {
      message.say(t("Type an address and we will find places near it"));
      document.getElementById("q")?.focus();
    }
  };
  for (const button of findAll(document, "[data-locate]")) {
    button.hidden = false;
    button.addEventListener("click", locate);
  }
  holder.append(mapTools(map, config.sprite, { locate, simple: basemap.hasChoice ? basemap.setSimple : undefined }));

  enhanceFilters(document.body, {
    current: () => query,
    ask: (next) => ask(next, "push"),
    count: async (next, signal) => (await results?.count(queryText(next), signal)) ?? null,
  });
  showQuery(document.body, query);
  const markSwap = watchSwap(document.body);

  if (list && results) {
    pairListWithMap(list, layer);
    results.addEventListener("shown", (event) => {
      understand(/** @type {CustomEvent<string>} */ (event).detail);
      markRow(list, layer.chosen);
      if (layer.me) writeDistances(list, layer.me, config.sprite);
      markSwap();
    });
    results.addEventListener("failed", () =>
      message.say(t("The list could not be loaded."), { label: t("Try again"), run: () => ask(query, "none") }),
    );
  }

  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("q"));
  const box = find(document, "[data-suggest]");
  if (input && box && dataset.suggestUrl) {
    enhanceSearch(input, box, {
      url: dataset.suggestUrl,
      sprite: config.sprite,
      take: (taken) => {
        if (taken.kind === "feature") {
          const { layer: key, id, slug } = taken.feature;
          location.assign(`/${config.lang}/${key}/${encodeURIComponent(id)}/${encodeURIComponent(slug)}`);
        } else if (taken.kind === "place") {
          const { lng, lat, bbox, name } = taken.place;
          query = withValues(query, "q", []);
          input.value = name;
          if (bbox)
            map.fitBounds([
              [bbox[1], bbox[0]],
              [bbox[3], bbox[2]],
            ]);
          else map.setView([lat, lng], 14);
        } else if (taken.kind === "service") {
          ask(withValues(withValues(query, "q", []), "service", [taken.code]), "push");
        } else ask(withValues(query, "q", [taken.words]), "push");
      },
    });
  }
}

/** Services, groups and families that a question asks for: they decide which service stands for a place.
 * @param {import("./data/query.js").Query} query
 */
function wantedBy(query) {
  return new Set(query.get("service"));
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
