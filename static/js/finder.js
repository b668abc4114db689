/**
 * The finder: makes the map beside the list that the server wrote, and keeps the two one.
 *
 * The page works without this. It gives, on `#map` (the place of the map, empty or with words for pages without script,
 * inside `.mapbox`): `data-lang`, `data-layer`, `data-tiles-url` (`…/{z}/{x}/{y}.geojson`), `data-basemap` (JSON, see
 * map/config.js), `data-bounds` (`w,s,e,n`), `data-taxonomy-url`, `data-messages-url`, `data-results-url` (the page's own
 * address without query), `data-suggest-url`, `data-units-url`, `data-sprite-url`, `data-outline-url`.
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
import { boxText, parseBox } from "./data/geo.js";
import { filtersOf, isOnFoot, parseQuery, queryText, settled, withValues } from "./data/query.js";
import { Taxonomy } from "./data/taxonomy.js";
import { find, findAll } from "./dom.js";
import { enhanceArea } from "./finder/area.js";
import { openBriefs } from "./finder/briefs.js";
import { closePanel, enhanceFilters, showQuery } from "./finder/filters.js";
import { whereAmI } from "./finder/locate.js";
import { enhancePanel } from "./finder/panel.js";
import { keepPanelTrue } from "./finder/panel-form.js";
import { placeUrl } from "./finder/place-url.js";
import { Results } from "./finder/results.js";
import { enhanceSearch } from "./finder/search.js";
import { watchSwap } from "./finder/swap.js";
import { accuracyWords, markRow, pairListWithMap, writeDistances } from "./finder/sync.js";
import { loadMessages, t } from "./i18n.js";
import { readMapConfig } from "./map/config.js";
import { createMap, showBox, showCredit, viewBox } from "./map/create.js";
import { meLayer } from "./map/me.js";
import { mapMessage } from "./map/message.js";
import { PointLayer } from "./map/point-layer.js";
import { PointTiles } from "./map/point-tiles.js";
import { mapTools } from "./map/tools.js";

/** @typedef {import("./data/query.js").Query} Query */

const AFTER_MOVE_MS = 250;
const EVERY_MINUTE_MS = 60_000;

/** One question, asked of a map and of a list. */
class Finder {
  /**
   * @param {HTMLElement} element of the map
   * @param {Taxonomy} taxonomy
   */
  constructor(element, taxonomy) {
    const { dataset } = element;
    const config = readMapConfig(element);
    config.bounds = parseBox(new URLSearchParams(location.search).get("bbox")) ?? config.bounds;
    this.config = config;
    this.query = settled(parseQuery(location.search));
    this.holder = /** @type {HTMLElement} */ (element.closest(".mapbox") ?? element);
    this.list = find(document, "[data-results]");
    this.results = this.list && new Results(this.list, dataset.resultsUrl ?? location.pathname);
    this.message = mapMessage(this.holder);
    const { map, basemap } = createMap(element, config);
    this.map = map;
    this.tiles = new PointTiles(dataset.tilesUrl ?? "");
    this.layer = new PointLayer(map, {
      lang: config.lang,
      sprite: config.sprite,
      taxonomy,
      placeUrl: ({ id, slim }) => placeUrl(config.lang, { ...slim, id }),
    });
    this.me = meLayer(map);
    /** False while the map moves by itself, which is no new question. */
    this.follows = true;

    showCredit(this.holder, config.basemap);
    this.holder.append(
      mapTools(map, config.sprite, {
        locate: () => this.locate(),
        simple: basemap.hasChoice ? basemap.setSimple : undefined,
      }),
    );
    this.followMap();
    this.followTiles();
    this.followList();
    this.followFilters();
    this.followSearch(dataset.suggestUrl);
    openBriefs(map, this.layer, this.list);
    addEventListener("popstate", () => this.goBack());
    setInterval(() => this.layer.draw(), EVERY_MINUTE_MS);
    this.loadPoints();
  }

  /**
   * Ask a new question: list, points and address follow.
   * @param {Query} query
   * @param {"push" | "replace" | "none"} how the address changes
   */
  ask(query, how) {
    this.query = query;
    const text = queryText(query);
    if (how !== "none") history[`${how}State`](null, "", text ? `?${text}` : location.pathname);
    showQuery(document.body, query);
    this.results?.load(text);
    if (how !== "replace") this.loadPoints();
  }

  loadPoints() {
    this.tiles.load(viewBox(this.map), this.map.getZoom(), queryText(filtersOf(this.query)));
  }

  /** A moved map asks for the places of what it shows. */
  followMap() {
    const { map, layer } = this;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    map.on("moveend", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        this.loadPoints();
        if (this.follows) {
          // Somebody who moves the map is not asking about the town any more.
          const placeless = withValues(this.query, "place", []);
          const elsewhere = isOnFoot(this.query) ? placeless : withValues(placeless, "near", []);
          this.ask(withValues(elsewhere, "bbox", [boxText(viewBox(map))]), "replace");
        }
        this.follows = true;
      }, AFTER_MOVE_MS);
    });
    map.on("autopanstart", () => {
      this.follows = false; // It makes room for a pop-up.
    });
    map.on("zoomend", () => layer.draw());
  }

  followTiles() {
    const { tiles, layer, message } = this;
    tiles.addEventListener("items", (event) => {
      message.clear();
      // Services, groups and families that are asked for decide which service stands for a place.
      layer.show(/** @type {CustomEvent} */ (event).detail, new Set(this.query.get("service")));
    });
    tiles.addEventListener("failed", () =>
      message.say(t("The map could not load all places. The list works."), {
        label: t("Try again"),
        run: () => this.loadPoints(),
      }),
    );
  }

  followList() {
    const { list, results, layer, message } = this;
    const markSwap = watchSwap(document.body);
    if (!list || !results) return;
    pairListWithMap(list, layer);
    results.addEventListener("shown", (event) => {
      this.understand(/** @type {CustomEvent<string>} */ (event).detail);
      markRow(list, layer.chosen);
      if (layer.me) writeDistances(list, layer.me, this.config.sprite);
      markSwap();
    });
    results.addEventListener("failed", () =>
      message.say(t("The list could not be loaded."), {
        label: t("Try again"),
        run: () => this.ask(this.query, "none"),
      }),
    );
  }

  /**
   * The list may have answered another question than the one that was typed: the town instead of its name.
   * @param {string} answered
   */
  understand(answered) {
    const isNew = answered !== queryText(this.query);
    if (isNew) {
      this.query = parseQuery(answered);
      history.replaceState(null, "", answered ? `?${answered}` : location.pathname);
      showQuery(document.body, this.query);
      this.loadPoints();
    }
    const box = this.list && parseBox(find(this.list, "[data-bounds]")?.dataset.bounds);
    if (box && (isNew || this.query.has("place") || this.query.has("area")) && !this.query.has("bbox")) this.show(box);
  }

  followFilters() {
    enhanceFilters(document.body, {
      current: () => this.query,
      ask: (query) => this.ask(query, "push"),
      tell: (query) => this.panelForm?.tell(query),
    });
    showQuery(document.body, this.query);
    this.followPanel();
    for (const button of findAll(document, "[data-locate]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.locate());
    }
  }

  followPanel() {
    const panel = find(document, ".panel");
    if (!panel) return;
    const unitsUrl = document.getElementById("map")?.dataset.unitsUrl ?? "";
    const written = (/** @type {HTMLElement} */ form) => {
      enhanceArea(form, {
        url: unitsUrl,
        take: ({ code }) => {
          const elsewhere = withValues(withValues(this.query, "bbox", []), "place", []);
          closePanel();
          this.ask(withValues(withValues(elsewhere, "area_name", []), "area", [code]), "push");
        },
      });
    };
    this.panelForm = keepPanelTrue(panel, {
      current: () => this.query,
      load: async (query, signal) => /** @type {Results} */ (this.results).fetchPart("panel", queryText(query), signal),
      written,
    });
    written(panel);
    enhancePanel(document.body, () => this.panelForm?.renew());
  }

  /** @param {string | undefined} url */
  followSearch(url) {
    const input = /** @type {HTMLInputElement | null} */ (document.getElementById("q"));
    const box = find(document, "[data-suggest]");
    if (!input || !box || !url) return;
    enhanceSearch(input, box, {
      url,
      sprite: this.config.sprite,
      near: () => this.map.getCenter().wrap(),
      take: (taken) => this.take(taken),
    });
  }

  /** @param {import("./finder/search.js").Taken} taken */
  take(taken) {
    const wordless = withValues(this.query, "q", []);
    if (taken.kind === "feature") location.assign(placeUrl(this.config.lang, taken.feature));
    else if (taken.kind === "service") this.ask(withValues(wordless, "service", [taken.code]), "push");
    else if (taken.kind === "words") this.ask(withValues(wordless, "q", [taken.words]), "push");
    else {
      // The answer says how far the town reaches; the map goes there.
      const elsewhere = withValues(withValues(wordless, "bbox", []), "near", []);
      this.ask(withValues(elsewhere, "place", [taken.place.id]), "push");
    }
  }

  async locate() {
    const { map, layer, message, list, config } = this;
    try {
      const { position, accuracy_m } = await whereAmI();
      layer.me = position;
      this.me.show(position, accuracyWords(accuracy_m));
      message.clear();
      map.setView([position[1], position[0]], Math.max(map.getZoom(), accuracy_m > 2000 ? 12 : 14));
      if (list) writeDistances(list, position, config.sprite);
    } catch {
      message.say(t("Type an address and we will find places near it"));
      document.getElementById("q")?.focus();
    }
  }

  goBack() {
    const query = settled(parseQuery(location.search));
    if (queryText(query) === queryText(this.query)) return; // Only the fragment changed: the panel, map or list.
    this.show(parseBox(query.get("bbox")?.[0]) ?? this.config.bounds);
    this.ask(query, "none");
  }

  /** Let the map show a box without asking about it.
   * @param {import("./data/geo.js").Box} box
   */
  show(box) {
    this.follows = false;
    showBox(this.map, box);
  }
}

/** @param {HTMLElement} element */
async function start(element) {
  const { lang, taxonomyUrl, messagesUrl } = element.dataset;
  const [taxonomy] = await Promise.all([
    loadTaxonomy(taxonomyUrl),
    loadMessages(lang || document.documentElement.lang, messagesUrl),
  ]);
  return new Finder(element, taxonomy);
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
