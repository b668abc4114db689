/** One question, asked of a map and of a list. What the page gives for it: ../finder.js. */
import { breath } from "../breath.js";
import { parseBox, parsePosition } from "../data/geo.js";
import { filtersOf, parseQuery, queryText, settled } from "../data/query.js";
import { find, findAll } from "../dom.js";
import { t } from "../i18n.js";
import { addSaveButtons, followSaved } from "../lists/quick.js";
import { AskedArea } from "../map/asked-area.js";
import { readMapConfig } from "../map/config.js";
import { createMap, showCredit, viewBox } from "../map/create.js";
import { meLayer } from "../map/me.js";
import { mapMessage } from "../map/message.js";
import { PointLayer } from "../map/point-layer.js";
import { PointTiles } from "../map/point-tiles.js";
import { mapTools } from "../map/tools.js";
import { enhanceArea } from "./area.js";
import { openBriefs } from "./briefs.js";
import { closePanel, enhanceFilters, showQuery } from "./filters.js";
import { whereAmI } from "./locate.js";
import { Moves } from "./moves.js";
import { sayOld } from "./old-list.js";
import { enhancePanel } from "./panel.js";
import { keepPanelTrue } from "./panel-form.js";
import { placeAsked, placeUrl } from "./place-url.js";
import { isOfMap, ofArea, ofBox, ofTaken } from "./question.js";
import { Results } from "./results.js";
import { enhanceSearch } from "./search.js";
import { watchSwap } from "./swap.js";
import { accuracyWords, markRow, pairListWithMap, writeDistances } from "./sync.js";

/** @typedef {import("../data/query.js").Query} Query */

const EVERY_MINUTE_MS = 60_000;

/**
 * Make the finder of a page in pieces, between which the list answers.
 * @param {HTMLElement} element of the map
 * @param {import("../data/taxonomy.js").Taxonomy} taxonomy
 */
export async function startFinder(element, taxonomy) {
  const config = readMapConfig(element);
  config.bounds = parseBox(new URLSearchParams(location.search).get("bbox")) ?? config.bounds;
  const made = createMap(element, config);
  await breath();
  const finder = new Finder(element, taxonomy, config, made);
  await finder.start();
}

export class Finder {
  /**
   * @param {HTMLElement} element of the map
   * @param {import("../data/taxonomy.js").Taxonomy} taxonomy
   * @param {import("../map/config.js").MapConfig} config
   * @param {ReturnType<typeof createMap>} made
   */
  constructor(element, taxonomy, config, { map, basemap }) {
    const { dataset } = element;
    this.config = config;
    /** The path of the list. Of a place that is read beside the map, the address is that of its own page. */
    this.home = location.pathname;
    this.query = settled(parseQuery(location.search));
    const holder = /** @type {HTMLElement} */ (element.closest(".mapbox") ?? element);
    this.holder = holder;
    /** Resolves when everything answers to script. @type {Promise<void>} */
    this.ready = new Promise((resolve) => {
      this.tellReady = resolve;
    });
    this.list = find(document, "[data-results]");
    this.results = this.list && new Results(this.list, dataset.resultsUrl ?? location.pathname, () => this.moves.still);
    /** Whether the list is that of the question; while it is asked for and when it cannot be had, it is that of the one before. */
    this.listIsTrue = true;
    this.message = mapMessage(holder);
    this.mapFailed = false;
    this.map = map;
    this.basemap = basemap;
    this.moves = new Moves(map);
    this.tiles = new PointTiles(dataset.tilesUrl ?? "");
    this.layer = new PointLayer(map, {
      lang: config.lang,
      sprite: config.sprite,
      taxonomy,
      placeUrl: ({ id, slim }) => placeUrl(config.lang, { ...slim, id }),
    });
    this.me = meLayer(map);
    /** Where the visitor is, once they have asked. @type {{ position: import("../data/geo.js").Position, words: string } | null} */
    this.located = null;
    this.area = new AskedArea(map, {
      holder,
      sprite: config.sprite,
      sheetUrl: dataset.drawSheetUrl ?? "",
      message: this.message,
      current: () => this.query,
      ask: (query) => this.ask(query, "push"),
      quietly: () => this.moves.bySelf(),
    });

    /** What shows a place; loaded with the first one. @type {import("./reading.js").Reading | null} */
    this.reading = null;
    /** @type {Promise<import("./reading.js").Reading> | null} */
    this.reader = null;
    this.dataset = dataset;
    this.followMap();
    this.followTiles();
    // Before there are pins: one that is pressed as soon as it is seen answers.
    openBriefs(this.map, this.layer, this.list);
    this.loadPoints();
  }

  /** Take over what the page does by itself, one after the other while the points are on their way. */
  async start() {
    const { unitsUrl = "", suggestUrl } = this.dataset;
    for (const follow of [
      () => this.addTools(),
      () => this.followFilters(),
      () => this.followList(),
      () => this.followPlaces(),
      () => this.addToRows(),
      () => this.followPanel(unitsUrl),
      () => this.followSearch(suggestUrl),
    ]) {
      await breath();
      follow();
    }
    addEventListener("popstate", () => this.goBack());
    setInterval(() => this.layer.draw(), EVERY_MINUTE_MS);
    this.tellReady();
  }

  addTools() {
    const { holder, map, config, basemap } = this;
    showCredit(holder, config.basemap);
    holder.append(
      mapTools(map, config.sprite, {
        locate: () => this.locate(),
        simple: basemap.hasChoice ? basemap.setSimple : undefined,
        draw: this.area.button,
      }),
    );
  }

  /**
   * Ask a new question: list, points and address follow.
   * @param {Query} query
   * @param {"push" | "replace" | "none"} how the address changes
   */
  ask(query, how) {
    if (how === "push") this.reading?.end();
    this.query = query;
    const text = queryText(query);
    if (how !== "none") history[`${how}State`](null, "", this.addressOf(text));
    showQuery(document.body, query);
    this.listIsTrue = false;
    this.results?.load(text);
    if (how !== "replace") this.loadPoints();
  }

  /** The map was moved: the list is of what it shows. @param {import("../data/geo.js").Box} box */
  askOf(box) {
    this.ask(ofBox(this.query, box), "replace");
  }

  /** @param {string} text of a question */
  addressOf(text) {
    return text ? `${this.home}?${text}` : this.home;
  }

  loadPoints() {
    this.area.show(this.query);
    this.showNear();
    this.tiles.load(viewBox(this.map), this.map.getZoom(), queryText(filtersOf(this.query)));
  }

  /** The point from which distances are told: the address that is asked about, else where the visitor is. */
  showNear() {
    const near = parsePosition(this.query.get("near")?.[0]);
    const from = near ? { position: near, words: this.nearName() ?? t("Near one spot") } : this.located;
    this.layer.me = from?.position ?? null;
    if (from) this.me.show(from.position, from.words);
    else this.me.hide();
  }

  /** What the server has found at `near`: the words of an address bar are anybody's. */
  nearName() {
    const named = this.list && find(this.list, "[data-near-name]");
    return named?.dataset.near === this.query.get("near")?.[0] ? named?.dataset.nearName : undefined;
  }

  /** A moved map asks for the places of what it shows. */
  followMap() {
    const { map, moves } = this;
    moves.addEventListener("rested", () => this.loadPoints());
    moves.addEventListener("asked", (event) => {
      if (this.area.drawing) return; // It moves for what is being drawn.
      const { detail } = /** @type {CustomEvent} */ (event);
      if (!this.reading?.waits(detail)) this.askOf(detail);
    });
    // A phone that is turned changes what the map shows, and nobody has asked about another area by it.
    map.on("resize", () => {
      if (!isOfMap(this.query)) moves.bySelf();
    });
  }

  followTiles() {
    const { tiles, layer, message } = this;
    tiles.addEventListener("items", async (event) => {
      this.mapFailed = false;
      message.clear();
      await this.ready; // What pins do is there before they are.
      // Services, groups and families that are asked for decide which service stands for a place.
      layer.show(/** @type {CustomEvent} */ (event).detail, new Set(this.query.get("service")));
    });
    tiles.addEventListener("failed", () => {
      this.mapFailed = true;
      this.tellMapFailed();
    });
  }

  /** Only a list that has come is said to work. */
  tellMapFailed() {
    this.message.say(
      this.listIsTrue
        ? t("The map could not load all places. The list works.")
        : t("The map could not load all places."),
      { label: t("Try again"), run: () => (this.listIsTrue ? this.loadPoints() : this.ask(this.query, "none")) },
    );
  }

  followList() {
    const { list, results, layer } = this;
    const markSwap = watchSwap(document.body);
    if (!list || !results) return;
    pairListWithMap(list, layer);
    followSaved(document);
    results.addEventListener("shown", (event) => {
      this.listIsTrue = true;
      this.understand(/** @type {CustomEvent<string>} */ (event).detail);
      this.showNear();
      this.addToRows();
      markRow(list, layer.chosen);
      if (layer.me) writeDistances(list, layer.me, this.config.sprite);
      markSwap();
    });
    const again = () => {
      results.heard.textContent = ""; // Words that are said a second time are heard a second time.
      this.ask(this.query, "none");
    };
    results.addEventListener("failed", () => {
      results.heard.textContent = sayOld(list, again);
      if (this.mapFailed) this.tellMapFailed();
    });
  }

  /** What only script can do with the list and its rows. */
  addToRows() {
    if (!this.list) return;
    addSaveButtons(this.list, this.config.sprite);
    if (find(this.list, "[data-keep-area]")) this.offerKeeping(this.list);
  }

  /** Loaded when there is an area to keep. @param {HTMLElement} list */
  async offerKeeping(list) {
    const { offerKeeping } = await import("./keep-area.js");
    await offerKeeping(list, this.config.lang);
  }

  /**
   * The list may have answered another question than the one that was typed: the town instead of its name.
   * @param {string} answered
   */
  understand(answered) {
    const isNew = answered !== queryText(this.query);
    if (isNew) {
      this.query = parseQuery(answered);
      history.replaceState(null, "", this.addressOf(answered));
      showQuery(document.body, this.query);
      this.loadPoints();
      const asked = parseBox(this.query.get("bbox")?.[0]);
      if (asked) this.moves.show(asked); // What is near an address that was typed.
    }
    const box = this.list && parseBox(find(this.list, "[data-bounds]")?.dataset.bounds);
    const isSomewhere = ["place", "area", "near"].some((name) => this.query.has(name));
    if (box && (isNew || isSomewhere) && !this.query.has("bbox")) this.moves.show(box);
  }

  followFilters() {
    enhanceFilters(document.body, {
      current: () => this.query,
      ask: (query) => this.ask(query, "push"),
      tell: (query) => this.panelForm?.tell(query),
    });
    showQuery(document.body, this.query);
    for (const button of findAll(document, "[data-locate]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.locate());
    }
  }

  /** @param {string} unitsUrl */
  followPanel(unitsUrl) {
    const panel = find(document, ".panel");
    const { results } = this;
    if (!panel || !results) return;
    const written = (/** @type {HTMLElement} */ form) =>
      enhanceArea(form, {
        url: unitsUrl,
        take: ({ code }) => {
          closePanel();
          this.ask(ofArea(this.query, code), "push");
        },
      });
    this.panelForm = keepPanelTrue(panel, {
      current: () => this.query,
      load: (query, signal) => results.fetchPart("panel", queryText(query), signal),
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
      take: (taken) => {
        if (taken.kind === "feature") this.read(placeUrl(this.config.lang, taken.feature));
        else this.ask(ofTaken(this.query, taken), "push");
        const box = taken.kind === "address" && parseBox(this.query.get("bbox")?.[0]);
        if (box) this.moves.show(box);
      },
    });
  }

  /** Places of the list and of the map are read beside the map. */
  followPlaces() {
    const follow = (/** @type {MouseEvent} */ event) => {
      const url = placeAsked(event);
      if (!url) return;
      event.preventDefault();
      this.read(url);
    };
    // Before the map, which keeps the clicks in its pop-ups to itself.
    this.holder.parentElement?.addEventListener("click", follow, true);
  }

  /**
   * Read a place where the list is; where that cannot be, open its page.
   * @param {string} url
   * @param {boolean} [isNew] whether it becomes a new entry of the history
   */
  async read(url, isNew) {
    try {
      this.reader ??= import("./reading.js").then(({ Reading }) => new Reading(this));
      this.reading = await this.reader;
      await this.reading.read(new URL(url, location.href).href, isNew);
    } catch {
      location.assign(url);
    }
  }

  async locate() {
    const { map, layer, message, list, config } = this;
    try {
      const { position, accuracy_m } = await whereAmI();
      this.located = { position, words: accuracyWords(accuracy_m) };
      layer.me = position;
      this.me.show(position, this.located.words);
      message.clear();
      map.setView([position[1], position[0]], Math.max(map.getZoom(), accuracy_m > 2000 ? 12 : 14));
      if (list) writeDistances(list, position, config.sprite);
    } catch {
      message.say(t("Type an address and we will find places near it"));
      document.getElementById("q")?.focus();
    }
  }

  goBack() {
    if (location.pathname !== this.home) {
      if (!this.reading) this.read(location.href, false); // Of this page as it was before it was loaded anew.
      return;
    }
    const query = settled(parseQuery(location.search));
    if (queryText(query) === queryText(this.query)) return; // Only the fragment changed: the panel, map or list.
    this.moves.show(parseBox(query.get("bbox")?.[0]) ?? this.config.bounds);
    this.ask(query, "none");
  }
}
