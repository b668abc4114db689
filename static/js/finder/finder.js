/** One question, asked of a map and of a list. What the page gives for it: ../finder.js. */
import { breath } from "../breath.js";
import { parseBox } from "../data/geo.js";
import { filtersOf, parseQuery, queryText, settled } from "../data/query.js";
import { find } from "../dom.js";
import { AskedArea } from "../map/asked-area.js";
import { readMapConfig } from "../map/config.js";
import { createMap, showCredit, viewBox } from "../map/create.js";
import { meLayer } from "../map/me.js";
import { mapMessage } from "../map/message.js";
import { PointLayer } from "../map/point-layer.js";
import { PointTiles } from "../map/point-tiles.js";
import { mapTools } from "../map/tools.js";
import { addToRows, followList } from "./answers.js";
import { followFilters, followPanel, followSearch } from "./asking.js";
import { openBriefs } from "./briefs.js";
import { showQuery } from "./filters.js";
import { keepHeightsTrue } from "./heights.js";
import { Moves } from "./moves.js";
import { locate, showNear } from "./near.js";
import { placeUrl } from "./place-url.js";
import { followPlaces, readPlace } from "./places.js";
import { followMap, followTiles } from "./points.js";
import { ofBox } from "./question.js";
import { Results } from "./results.js";

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
    this.moves = new Moves(map, holder);
    this.tiles = new PointTiles(dataset.tilesUrl ?? "");
    this.layer = new PointLayer(map, {
      lang: config.lang,
      sprite: config.sprite,
      taxonomy,
      placeUrl: ({ id, slim }) => placeUrl(config.lang, { ...slim, id }),
      moves: this.moves,
      look: (box, zoom) => this.tiles.look(box, zoom, queryText(filtersOf(this.query))),
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
    /** The address of the place that somebody waits for. */
    this.wanted = "";
    /** What keeps the panel's form true. @type {ReturnType<typeof import("./panel-form.js").keepPanelTrue> | undefined} */
    this.panelForm = undefined;
    this.dataset = dataset;
    followMap(this);
    followTiles(this);
    // Before there are pins: one that is pressed as soon as it is seen answers.
    openBriefs(this.map, this.layer, this.list);
    this.loadPoints();
  }

  /** Take over what the page does by itself, one after the other while the points are on their way. */
  async start() {
    keepHeightsTrue(document.body);
    for (const follow of [addTools, followFilters, followList, followPlaces, addToRows, followPanel, followSearch]) {
      await breath();
      follow(this);
    }
    addEventListener("popstate", () => this.goBack());
    setInterval(() => this.layer.draw(), EVERY_MINUTE_MS);
    this.tellReady();
  }

  /**
   * Ask a new question: list, points and address follow.
   * @param {Query} query
   * @param {"push" | "replace" | "none"} how the address changes
   */
  ask(query, how) {
    if (how === "push") {
      this.wanted = "";
      this.reading?.end();
    }
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
    showNear(this);
    this.tiles.load(viewBox(this.map), this.map.getZoom(), queryText(filtersOf(this.query)));
  }

  goBack() {
    this.wanted = "";
    if (location.pathname !== this.home) {
      if (!this.reading) readPlace(this, location.href, false); // Of this page as it was before it was loaded anew.
      return;
    }
    const query = settled(parseQuery(location.search));
    if (queryText(query) === queryText(this.query)) return; // Only the fragment changed: the panel, map or list.
    this.moves.show(parseBox(query.get("bbox")?.[0]) ?? this.config.bounds);
    this.ask(query, "none");
  }
}

/** @param {Finder} finder */
function addTools(finder) {
  const { holder, map, config, basemap, area } = finder;
  showCredit(holder, config.basemap);
  holder.append(
    mapTools(map, config.sprite, {
      locate: () => locate(finder),
      simple: basemap.hasChoice ? basemap.setSimple : undefined,
      draw: area.button,
    }),
  );
}
