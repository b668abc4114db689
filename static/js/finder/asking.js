/** What somebody asks with beside the map: the chips, the panel of filters, the search box. */
import { combobox, marked } from "../combobox.js";
import { parseBox } from "../data/geo.js";
import { queryText } from "../data/query.js";
import { find, findAll } from "../dom.js";
import { enhanceFilters, showQuery } from "./filters.js";
import { locate } from "./near.js";
import { enhancePanel } from "./panel.js";
import { keepPanelTrue } from "./panel-form.js";
import { placeUrl } from "./place-url.js";
import { readPlace } from "./places.js";
import { ofTaken } from "./question.js";
import { enhanceSearch } from "./search.js";

/** @typedef {import("./finder.js").Finder} Finder */

/** @param {Finder} finder */
export function followFilters(finder) {
  enhanceFilters(document.body, {
    current: () => finder.query,
    ask: (query) => finder.ask(query, "push"),
    tell: (query) => finder.panelForm?.tell(query),
  });
  showQuery(document.body, finder.query);
  for (const button of findAll(document, "[data-locate]")) {
    button.hidden = false;
    button.addEventListener("click", () => locate(finder));
  }
}

/** @param {Finder} finder */
export function followPanel(finder) {
  const panel = find(document, ".panel");
  const { results, dataset } = finder;
  if (!panel || !results) return;
  /** Loaded with the panel's first opening; without network the field stays a plain one. What the search box has already is
   * given along. @param {HTMLElement} form */
  const written = (form) =>
    import("./area.js")
      .then(({ enhanceArea }) => enhanceArea(form, dataset.unitsUrl ?? "", { combobox, marked }))
      .catch(() => {});
  const panelForm = keepPanelTrue(panel, {
    current: () => finder.query,
    load: (query, signal) => results.fetchPart("panel", queryText(query), signal),
    written,
  });
  finder.panelForm = panelForm;
  enhancePanel(document.body, () => {
    written(panel);
    panelForm.renew();
  });
}

/** @param {Finder} finder */
export function followSearch(finder) {
  const { config, map, moves, dataset } = finder;
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("q"));
  const box = find(document, "[data-suggest]");
  const url = dataset.suggestUrl;
  if (!input || !box || !url) return;
  enhanceSearch(input, box, {
    url,
    sprite: config.sprite,
    near: () => map.getCenter().wrap(),
    take: (taken) => {
      if (taken.kind === "feature") readPlace(finder, placeUrl(config.lang, taken.feature));
      else finder.ask(ofTaken(finder.query, taken), "push");
      const box = taken.kind === "address" && parseBox(finder.query.get("bbox")?.[0]);
      if (box) moves.show(box);
    },
  });
}
