/** The points of the map: they follow what it shows, and it says when they cannot be had. */
import { clockText, dayText } from "../data/format.js";
import { distanceM, parsePosition, walkMinutes } from "../data/geo.js";
import { openingAt } from "../data/opening.js";
import { instantOf, wallClock } from "../data/zone.js";
import { spoken, t } from "../i18n.js";
import { isOfMap } from "./question.js";

/** @typedef {import("./finder.js").Finder} Finder */

/** A moved map asks for the places of what it shows. @param {Finder} finder */
export function followMap(finder) {
  const { map, moves } = finder;
  moves.addEventListener("rested", () => finder.loadPoints());
  moves.addEventListener("asked", (event) => {
    if (finder.area.drawing) return; // It moves for what is being drawn.
    const { detail } = /** @type {CustomEvent} */ (event);
    if (!finder.reading?.waits(detail)) finder.askOf(detail);
  });
  // A phone that is turned changes what the map shows, and nobody has asked about another area by it.
  map.on("resize", () => (isOfMap(finder.query) ? moves.byHand() : moves.bySelf()));
}

/** @param {Finder} finder */
export function followTiles(finder) {
  const { tiles, layer, message } = finder;
  tiles.addEventListener("items", async (event) => {
    finder.mapFailed = false;
    message.clear();
    await finder.ready; // What pins do is there before they are.
    // Services, groups and families that are asked for decide which service stands for a place.
    layer.show(
      /** @type {CustomEvent} */ (event).detail,
      new Set(finder.query.get("service")),
      await askedMoment(finder),
    );
  });
  // What is there to be read already is not taken away for it.
  tiles.addEventListener("slow", () => message.isSilent() && message.say(t("The map is loading the places.")));
  tiles.addEventListener("failed", () => {
    finder.mapFailed = true;
    tellMapFailed(finder);
  });
}

/** What pins say of the moment that is asked about, where it is not now. @param {Finder} finder */
async function askedMoment({ query }) {
  // "now" is no moment of its own; all others are a day, PT30M or arrival.
  if (!/^[aP\d]/.test(`${query.get("open_at")}`)) return null;
  const { thenOf } = await import("../data/then.js");
  const words = { t, spoken, clockText, dayText };
  return thenOf(query, { ...words, wallClock, instantOf, openingAt, parsePosition, distanceM, walkMinutes });
}

/** Only a list that has come is said to work. @param {Finder} finder */
export function tellMapFailed(finder) {
  finder.message.say(
    finder.listIsTrue
      ? t("The map could not load all places. The list works.")
      : t("The map could not load all places."),
    {
      label: t("Try again"),
      run: () => (finder.listIsTrue ? finder.loadPoints() : finder.ask(finder.query, "none")),
    },
  );
}
