/** What can be said of a pin: how it was found, and whether it lies where it should. */
import { t } from "../i18n.js";

/** @typedef {"building" | "street" | "place"} Precision */
/** @typedef {import("./nearest.js").NearestKnown} NearestKnown */

/** As the server has it (geo/position_checks.py): so far outside its box a place may still be for people of the country. */
const MARGIN_DEG = 0.07;
/** No point of the countries we know lies farther from a settlement, except in water. */
const FAR_M = 15_000;
/** A house is so wide with its yard and pavement; farther away the nearest address may be the neighbour's. */
const NEAR_M = 40;

/**
 * The words, and how sure they are: `full` is green.
 * @param {Precision | "by-hand"} how
 * @param {import("../data/geo.js").Position | null} position `null`: what is `typed` cannot be read
 * @param {string} typed
 * @param {import("../data/geo.js").Box} country
 * @param {{ name?: string, away_m?: number, address?: NearestKnown }} [near] the nearest settlement and address, once they are known
 * @returns {{ words: string, sure: "full" | "half" | "none" }}
 */
export function pinWords(how, position, typed, country, near = {}) {
  if (!position)
    return {
      words: typed.trim() ? t("Write two numbers as a map shows them, for example 50.8661, 20.6286.") : "",
      sure: "none",
    };
  if (!within(position, country)) {
    const swapped = within([position[1], position[0]], country);
    return {
      words: swapped
        ? t("This is far away. Are the two numbers the wrong way round? Write latitude first, then longitude.")
        : t("This position is not in the country. Show the place on the map, or take the numbers out."),
      sure: "none",
    };
  }
  if (how === "building") return { words: t("Address found to the building"), sure: "full" };
  if (how === "street") return { words: t("Only the street was found. Move the pin to the entrance"), sure: "half" };
  if (how === "place") return { words: t("Only the town was found. Move the pin to the entrance"), sure: "none" };
  if (near.away_m !== undefined && near.away_m > FAR_M)
    return { words: t("The pin is in water or abroad. Move it to the entrance"), sure: "none" };
  if (near.address) return addressWords(near.address);
  if (near.name) return { words: t("You have set the pin near %(place)s", { place: near.name }), sure: "full" };
  return { words: t("You have set the pin"), sure: "half" };
}

/** @param {NearestKnown} address @returns {{ words: string, sure: "full" | "half" }} */
function addressWords({ line, away_m }) {
  const values = { address: line, metres: away_m };
  return away_m <= NEAR_M
    ? { words: t("Nearest address: %(address)s, %(metres)s m away", values), sure: "full" }
    : { words: t("Nearest address: %(address)s, some way off (%(metres)s m). Is it this one?", values), sure: "half" };
}

/** @param {import("../data/geo.js").Position} position @param {import("../data/geo.js").Box} box */
function within([lng, lat], [w, s, e, n]) {
  return lng >= w - MARGIN_DEG && lng <= e + MARGIN_DEG && lat >= s - MARGIN_DEG && lat <= n + MARGIN_DEG;
}
