/**
 * Where a place is: the search for its address, the pin on the map and the field of the form, kept in step.
 *
 * `[data-picker]` (`.picker`, with the map's data attributes as in map/config.js) and `data-pin-for`, the id of the text
 * field; its `.map` is made here. Near it, in the same form: `[data-confidence]` (words),
 * `[data-nearest]` (the nearest address, form/nearest.js), `[data-here]` (button, hidden
 * without script), `input[data-address-search][data-places-url]` with an empty hidden `.suggest[data-suggest]` after it
 * and `[data-search-said]` for what the search has to say, and fields to fill: `[data-fill="street"]`, `house_number`,
 * `postcode`, `place`. The search is for the map alone: it never sends the form.
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
import { showFilled } from "./first-view.js";
import { NearestAddress } from "./nearest.js";
import { DropPin } from "./pin-map.js";
import { pinWords } from "./pin-words.js";
import { positionText, readPosition } from "./position.js";

/** @typedef {import("./pin-words.js").Precision} Precision */
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

/** A pin that has not moved for so long rests; before that nothing is asked and nothing read out. */
const RESTS_AFTER_MS = 600;
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
  showFilled(map, config.bounds);
  showCredit(picker, config.basemap);
  picker.append(mapTools(map, config.sprite, { zoomAlways: true }));
  const message = mapMessage(picker);
  const pin = new DropPin(map, config.sprite);
  const confidence = find(form, "[data-confidence]");
  const offered = find(form, "[data-nearest]");
  const fields = /** @type {HTMLInputElement[]} */ (findAll(form, "[data-fill]"));
  const nearest = offered && new NearestAddress(offered, fields);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  /** @type {AbortController | undefined} */
  let asking;

  const search = /** @type {HTMLInputElement | null} */ (find(form, "input[data-address-search]"));
  const url = search?.dataset.placesUrl ?? "";
  const town = /** @type {HTMLInputElement | null} */ (find(form, '[data-fill="place"]'));
  const started = readPosition(input.value);
  if (started) {
    pin.put(started);
    map.setView([started[1], started[0]], 17, { animate: false });
    say("by-hand", started);
  } else {
    showTown();
  }

  town?.addEventListener("change", showTown);

  pin.addEventListener("moved", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    input.value = positionText(detail);
    input.dispatchEvent(new Event("input", { bubbles: true })); // Whoever keeps what is typed keeps this, too.
    forget();
    resting = setTimeout(() => say("by-hand", detail), RESTS_AFTER_MS);
  });
  input.addEventListener("change", () => {
    const position = readPosition(input.value);
    pin.put(position);
    // What was typed changes when somebody presses something else: that must not move away under the finger.
    clearTimeout(resting);
    asking?.abort();
    nearest?.hold();
    resting = setTimeout(() => say("by-hand", position), RESTS_AFTER_MS);
    if (position) map.setView([position[1], position[0]], Math.max(map.getZoom(), 16));
  });

  // What was said of a pin must not stay, and nothing more be asked, once the place is to be protected.
  form.addEventListener("change", () => {
    if (!isOpen(picker, form)) forget();
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

  const list = search && find(/** @type {HTMLElement} */ (search.parentElement), "[data-suggest]");
  if (search && list && url) {
    combobox(search, {
      list,
      label: t("Addresses"),
      least: 2,
      looks: true,
      suggest: async (query, signal) => {
        const { places = [], unknown } = await asked(url, { q: query, lang: spoken() }, signal);
        if (!signal.aborted) told(searchWords(places.length, unknown));
        /** @type {FoundAddress[]} */
        const towns = places;
        return [{ name: "", choices: towns.map((place) => ({ value: place, row: (typed) => row(place, typed) })) }];
      },
      take: (place) => {
        search.value = place.name;
        told("");
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
    const field = /** @type {HTMLInputElement} */ (input);
    field.value = positionText(position);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    map.setView([position[1], position[0]], ZOOM_OF[precision]);
    say(precision, position);
  }

  /** Nobody has shown the place yet: show the town of the address, if one is written. */
  async function showTown() {
    if (pin.at || !town?.value.trim() || !url) return;
    try {
      const { places = [] } = await asked(url, { q: town.value.trim(), lang: spoken() });
      const [place] = places;
      if (place && !pin.at) map.setView([place.lat, place.lng], ZOOM_OF.place, { animate: false });
    } catch {
      // The country stays.
    }
  }

  /** @param {string} words */
  function told(words) {
    const said = find(/** @type {HTMLFormElement} */ (form), "[data-search-said]");
    if (said) said.textContent = words;
  }

  /**
   * Say what is known of the pin, first by the numbers, then by what the server knows to be near.
   * @param {Precision | "by-hand"} how
   * @param {import("../data/geo.js").Position | null} position
   */
  async function say(how, position) {
    forget();
    if (!confidence || !isOpen(picker, /** @type {HTMLFormElement} */ (form))) return;
    const typed = /** @type {HTMLInputElement} */ (input).value;
    const known = pinWords(how, position, typed, config.bounds);
    // What the server adds is said instead, not after it: a screen reader would read both.
    const mayKnowMore = how === "by-hand" && known.sure === "half" && url;
    if (!mayKnowMore || !position) {
      show(known);
      return;
    }
    asking = new AbortController();
    const { signal } = asking;
    try {
      const at = `${position[0].toFixed(6)},${position[1].toFixed(6)}`;
      const near = await asked(`${url}/nearest`, { at }, signal);
      if (signal.aborted) return;
      show(pinWords(how, position, typed, config.bounds, near));
      nearest?.offer(near.address ?? null);
    } catch {
      if (!signal.aborted) show(known);
    }
  }

  /** The pin moves, or its place is to be protected: what was said of it holds no more. */
  function forget() {
    clearTimeout(resting);
    asking?.abort();
    show({ words: "", sure: "none" });
    nearest?.offer(null);
  }

  /** @param {{ words: string, sure: "full" | "half" | "none" }} known */
  function show({ words, sure }) {
    if (!confidence) return;
    confidence.className = !words ? "checked" : sure === "full" ? "checked is-good" : "checked is-old";
    confidence.replaceChildren(...(words ? [ringArt(sure), words] : []));
  }
}

/**
 * Whether the place may be known: what is protected leaves the browser in no question, also where its pin was set before.
 * @param {HTMLElement} picker
 * @param {HTMLFormElement} form
 */
function isOpen(picker, form) {
  const tiers = new FormData(form).getAll("disclosure");
  return !picker.closest("[hidden]") && tiers.every((tier) => tier === "exact");
}

/**
 * @param {string} url
 * @param {Record<string, string>} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
async function asked(url, query, signal) {
  const answer = await fetch(`${url}?${new URLSearchParams(query)}`, { signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** @param {number} found how many towns @param {boolean} unknown whether a part of what was typed was left aside */
function searchWords(found, unknown) {
  if (unknown) return t("We do not know this street. Choose the town and set the pin on the map.");
  return found ? "" : t("We do not know this place. Write the name of the nearest larger town.");
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
