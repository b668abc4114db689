/**
 * Where a place is: the search for its address, the pin on the map and the field of the form, kept in step.
 *
 * `[data-picker]` (`.picker`, with the map's data attributes as in map/config.js) and `data-pin-for`, the id of the text
 * field; its `.map` is made here. Near it, in the same form: `[data-confidence]` (words), `[data-here]` (button, hidden
 * without script), `input[data-address-search][data-places-url]` with an empty hidden `.suggest[data-suggest]` after it,
 * and fields to fill: `[data-fill="street"]`, `house_number`, `postcode`, `place`.
 */
import { combobox, marked } from "../combobox.js";
import { el, find, findAll, icon } from "../dom.js";
import { whereAmI } from "../finder/locate.js";
import { spoken, t } from "../i18n.js";
import { readMapConfig } from "../map/config.js";
import { createMap, showCredit } from "../map/create.js";
import { mapMessage } from "../map/message.js";
import { ringArt } from "../map/token.js";
import { mapTools } from "../map/tools.js";
import { DropPin } from "./pin-map.js";
import { positionText, readPosition } from "./position.js";

/** @typedef {"building" | "street" | "place"} Precision */
/**
 * @typedef {object} FoundAddress one of `{"places": […]}`
 * @property {string} name
 * @property {string} [detail]
 * @property {number} lng
 * @property {number} lat
 * @property {Precision} [precision]
 * @property {string} [street]
 * @property {string} [house_number]
 * @property {string} [postcode]
 * @property {string} [place]
 */

const ZOOM_OF = { building: 18, street: 16, place: 13 };

/** @param {HTMLElement} picker */
export function enhancePicker(picker) {
  const form = picker.closest("form");
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(picker.dataset.pinFor ?? ""));
  if (!form || !input) return;
  const config = readMapConfig(picker);
  const ground = el("div", {});
  picker.append(ground);
  const { map } = createMap(ground, config, { wheel: false });
  showCredit(picker, config.basemap);
  picker.append(mapTools(map, config.sprite, { zoomAlways: true }));
  const message = mapMessage(picker);
  const pin = new DropPin(map, config.sprite);
  const confidence = find(form, "[data-confidence]");

  const started = readPosition(input.value);
  if (started) {
    pin.put(started);
    map.setView([started[1], started[0]], 17, { animate: false });
  }

  pin.addEventListener("moved", (event) => {
    input.value = positionText(/** @type {CustomEvent} */ (event).detail);
    say("by-hand");
  });
  input.addEventListener("change", () => {
    const position = readPosition(input.value);
    pin.put(position);
    if (position) map.setView([position[1], position[0]], Math.max(map.getZoom(), 16));
  });

  for (const here of findAll(form, "[data-here]")) {
    here.hidden = false;
    here.addEventListener("click", async () => {
      try {
        const { position, accuracy_m } = await whereAmI();
        go(position, accuracy_m < 40 ? "building" : "street");
      } catch {
        message.say(t("Your device did not say where it is. Click the map instead."));
      }
    });
  }

  const search = /** @type {HTMLInputElement | null} */ (find(form, "input[data-address-search]"));
  const list = search && find(/** @type {HTMLElement} */ (search.parentElement), "[data-suggest]");
  const url = search?.dataset.placesUrl;
  if (search && list && url) {
    combobox(search, {
      list,
      label: t("Addresses"),
      least: 3,
      suggest: async (query, signal) => {
        const answer = await fetch(`${url}?${new URLSearchParams({ q: query, lang: spoken() })}`, { signal });
        if (!answer.ok) throw new Error(String(answer.status));
        /** @type {{ places?: FoundAddress[] }} */
        const { places = [] } = await answer.json();
        return [{ name: "", choices: places.map((place) => ({ value: place, row: (typed) => row(place, typed) })) }];
      },
      take: (place) => {
        search.value = place.name;
        fill(form, place);
        go([place.lng, place.lat], place.precision ?? "place");
      },
    });
  }

  /** @param {FoundAddress} place @param {string} typed @returns {any[]} */
  function row(place, typed) {
    const detail = place.detail ? el("span", { class: "meta" }, place.detail) : "";
    return [icon(config.sprite, "map-pin"), el("span", {}, ...marked(place.name, typed), " ", detail)];
  }

  /** @param {import("../data/geo.js").Position} position @param {Precision} precision */
  function go(position, precision) {
    pin.put(position);
    /** @type {HTMLInputElement} */ (input).value = positionText(position);
    map.setView([position[1], position[0]], ZOOM_OF[precision]);
    say(precision);
  }

  /** @param {Precision | "by-hand"} how */
  function say(how) {
    if (!confidence) return;
    const sure = how === "building" || how === "by-hand";
    confidence.className = sure ? "checked is-good" : "checked is-old";
    confidence.setAttribute("role", "status");
    confidence.replaceChildren(ringArt(sure ? "full" : how === "street" ? "half" : "none"), wordsOf(how));
  }
}

/** @param {Precision | "by-hand"} how */
function wordsOf(how) {
  if (how === "building") return t("Address found to the building");
  if (how === "street") return t("Only the street was found. Move the pin to the entrance");
  if (how === "place") return t("Only the town was found. Move the pin to the entrance");
  return t("You have set the pin");
}

/**
 * Write what was found into the fields that ask for it; what a person typed elsewhere stays.
 * @param {HTMLFormElement} form
 * @param {FoundAddress} place
 */
function fill(form, place) {
  for (const field of /** @type {HTMLInputElement[]} */ (findAll(form, "[data-fill]"))) {
    const value = /** @type {Record<string, unknown>} */ (place)[field.dataset.fill ?? ""];
    if (typeof value === "string" && value) field.value = value;
  }
}
