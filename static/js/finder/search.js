/** The search box of the finder: services, places and help points as you type. */
import { combobox, marked } from "../combobox.js";
import { countText } from "../data/format.js";
import { el, icon, svg } from "../dom.js";
import { spoken, t, tn } from "../i18n.js";

/** @typedef {{ code: string, name: string, family: string, count?: number, open?: number }} FoundService */
/** @typedef {{ id: string, name: string, detail?: string, lng: number, lat: number }} FoundPlace */
/** @typedef {{ name: string, detail: string, whole: string, lng: number, lat: number, bbox: import("../data/geo.js").Box, guessed?: boolean }} FoundAddress `whole` in one line, `bbox` what is near, `guessed` when it is spelt otherwise than it was typed */
/** @typedef {{ id: string, layer: string, slug: string, name: string, family?: string, detail?: string }} FoundFeature */
/** @typedef {{ service: FoundService, place: FoundPlace, with?: string[], words?: string }} FoundTogether help in a place; of a sentence `with` what else it says, and its `words` without the place */
/** @typedef {{ together?: FoundTogether[], services?: FoundService[], places?: FoundPlace[], addresses?: FoundAddress[], features?: FoundFeature[] }} Found what the server answers */
/** @typedef {{ kind: "service", code: string } | { kind: "place", place: FoundPlace } | { kind: "address", address: FoundAddress } | { kind: "together", code: string, place: FoundPlace, words?: string } | { kind: "feature", feature: FoundFeature } | { kind: "words", words: string }} Taken */

/** What is near comes first, but nobody is to be told where somebody looks: to about ten kilometres. */
const DECIMALS = 1;

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 * @param {{ url: string, sprite: string, near: () => { lng: number, lat: number }, take: (taken: Taken) => void }} wishes
 */
export function enhanceSearch(input, list, { url, sprite, near, take }) {
  combobox(input, {
    list,
    label: t("Suggestions"),
    take: (taken) => {
      // What stands in the box is what was taken, in full.
      input.value = wordsOf(taken);
      take(taken);
    },
    suggest: async (query, signal) => {
      const { lng, lat } = near();
      const middle = `${lng.toFixed(DECIMALS)},${lat.toFixed(DECIMALS)}`;
      const asked = new URLSearchParams({ q: query, lang: spoken(), near: middle });
      const answer = await fetch(`${url}?${asked}`, { signal });
      if (!answer.ok) throw new Error(String(answer.status));
      return groupsOf(await answer.json(), query, sprite);
    },
  });
}

/** What stands in the box when something has been taken.
 * @param {Taken} taken
 */
function wordsOf(taken) {
  if ("place" in taken) return taken.place.name;
  if (taken.kind === "address") return taken.address.whole;
  return taken.kind === "words" ? taken.words : "";
}

/**
 * @param {Found} found
 * @param {string} query
 * @param {string} sprite
 * @returns {import("../combobox.js").Group<Taken>[]}
 */
export function groupsOf({ together = [], services = [], places = [], addresses = [], features = [] }, query, sprite) {
  /** @type {import("../combobox.js").Group<Taken>[]} */
  const groups = [
    {
      name: t("Help in a place"),
      choices: together.map(({ service, place, with: also = [], words: said }) => ({
        value: { kind: "together", code: service.code, place, words: said },
        row: (typed) => [
          shape(sprite, service.family),
          words(
            [...marked(service.name, typed), ...also.map((name) => `, ${name}`), ": ", ...marked(place.name, typed)],
            place.detail,
          ),
        ],
      })),
    },
    {
      name: t("Services"),
      choices: services.map(({ code, name, family, count, open }) => ({
        value: { kind: "service", code },
        row: (typed) => [shape(sprite, family), words(marked(name, typed), countWords(count, open))],
      })),
    },
    {
      name: t("Towns and addresses"),
      choices: [...places, ...addresses].map((place) => ({
        value: "whole" in place ? { kind: "address", address: place } : { kind: "place", place },
        row: (typed) => [iconBox(sprite, "map-pin"), words(placeWords(place, typed), place.detail)],
      })),
    },
    {
      name: t("Help points"),
      choices: features.map((feature) => ({
        value: { kind: "feature", feature },
        row: (typed) => [
          shape(sprite, feature.family ?? "support"),
          words(marked(feature.name, typed), feature.detail),
        ],
      })),
    },
  ];
  if (groups.every(({ choices }) => choices.length === 0)) {
    return [
      {
        name: "",
        choices: [
          {
            value: { kind: "words", words: query },
            row: () => [iconBox(sprite, "search"), words([t("Search for “%(words)s”", { words: query })])],
          },
        ],
      },
    ];
  }
  return groups;
}

/** A name with what was typed marked in it; what is only guessed is asked. @param {FoundPlace | FoundAddress} place @param {string} typed @returns {any[]} */
function placeWords(place, typed) {
  return "guessed" in place && place.guessed
    ? [t("Did you mean %(address)s?", { address: place.name })]
    : marked(place.name, typed);
}

/** @param {string} sprite @param {string} family @returns {any} */
function shape(sprite, family) {
  return svg(
    "svg",
    { class: `shape fam-${family}`, viewBox: "0 0 40 40", "aria-hidden": "true", focusable: "false" },
    svg("use", { href: `${sprite}#s-${family}` }),
  );
}

/** @param {string} sprite @param {string} name @returns {any} */
function iconBox(sprite, name) {
  return icon(sprite, name);
}

/** @param {(Node | string)[]} text @param {string} [detail] */
function words(text, detail) {
  return el("span", {}, ...text, detail ? " " : null, detail ? el("span", { class: "meta" }, detail) : null);
}

/** @param {number} [count] @param {number} [open] */
function countWords(count, open) {
  if (count === undefined) return undefined;
  const places = tn("%(n)s place", "%(n)s places", count);
  return open === undefined
    ? places
    : `${places}, ${tn("%(n)s open now", "%(n)s open now", open, { n: countText(open, spoken()) })}`;
}
