/** What opens at a pin: a place in brief, or the list of places on one spot. Nodes only, never markup. */
import { nameOf } from "../data/points.js";
import { el, icon, safeHref } from "../dom.js";
import { t, tn } from "../i18n.js";
import { saveButton } from "../lists/quick.js";
import { checkedWords, farWords, sentence } from "../words.js";
import { Popup } from "./leaflet.js";
import { ringArt, stateArt, token } from "./token.js";

/** @typedef {import("../data/points.js").PointItem} PointItem */
/** @typedef {ReturnType<import("./point-layer.js").PointLayer["looks"]>} Looks */
/**
 * @typedef {object} BriefContext
 * @property {string} lang
 * @property {string} sprite
 * @property {import("../data/taxonomy.js").Taxonomy} taxonomy
 * @property {(point: PointItem) => string} placeUrl
 * @property {(point: PointItem) => Looks} looks
 * @property {() => import("../data/geo.js").Position | null} me
 * @property {(event: Event) => void} close
 */

/**
 * One place: name, services, state, distance, check, and the two things to do.
 * @param {PointItem} point
 * @param {BriefContext} context
 */
export function brief(point, context) {
  const { lang, sprite, taxonomy, placeUrl, looks, me } = context;
  const { slim } = point;
  const { opening, said, fresh } = looks(point);
  const name = nameOf(slim, lang);
  const from = me();
  const far = from && farWords(from, point.position);
  const call = slim.phone ? safeHref(`tel:${slim.phone.replace(/[^+\d]/g, "")}`) : null;
  return el(
    "div",
    { class: "brief", role: "dialog", "aria-label": name },
    el("h2", {}, el("a", { href: placeUrl(point) }, name)),
    closeButton(context),
    el("p", {}, sentence(taxonomy.names(slim.services ?? []).slice(0, 3))),
    !opening.hourless && el("p", { class: `state is-${opening.state}` }, stateArt(opening.state), said),
    far && el("p", { class: "far" }, [far.walk, far.distance].filter(Boolean).join(", ")),
    el("p", { class: fresh.ring === "none" ? "checked is-old" : "checked" }, ringArt(fresh.ring), checkedWords(fresh)),
    el(
      "p",
      { class: "brief-do" },
      call && el("a", { class: "button slim", href: call }, icon(sprite, "phone", "icon small"), t("Call")),
      el("a", { class: call ? "button second slim" : "button slim", href: placeUrl(point) }, t("More")),
      saveOf(point, context),
    ),
  );
}

/**
 * All places on one spot.
 * @param {PointItem[]} points
 * @param {BriefContext} context
 */
export function briefList(points, context) {
  const { lang, sprite, placeUrl, looks } = context;
  const title = tn("%(n)s place here", "%(n)s places here", points.length);
  return el(
    "div",
    { class: "brief", role: "dialog", "aria-label": title },
    el("h2", {}, title),
    closeButton(context),
    el(
      "ul",
      { class: "brief-list" },
      ...points.map((point) => {
        const shown = looks(point);
        return el(
          "li",
          {},
          el(
            "a",
            { href: placeUrl(point) },
            token(sprite, shown),
            el("span", {}, el("strong", {}, nameOf(point.slim, lang)), el("span", { class: "meta" }, shown.said)),
          ),
          saveOf(point, context),
        );
      }),
    ),
  );
}

/** The button that saves a place; none where this page does not know all that it does.
 * @param {PointItem} point
 * @param {BriefContext} context
 */
function saveOf({ id, slim }, { lang, sprite, taxonomy }) {
  const isDiscreet = taxonomy.isDiscreet(slim.services ?? []);
  if (isDiscreet === null) return null;
  return saveButton({ id, layer: slim.layer, name: nameOf(slim, lang), isDiscreet }, sprite);
}

/**
 * Opens a node at a position of the map. Escape and the button close it; opened by keyboard, it takes the focus.
 * @param {import("leaflet").Map} map
 * @param {import("../data/geo.js").Position} position
 * @param {HTMLElement} node
 */
export function openAt(map, [lng, lat], node) {
  const size = map.getSize();
  const isWide = size.x > 480;
  return new Popup({
    closeButton: false,
    // The tools stand at the upper end, the sheet of the phone covers the lower edge.
    autoPanPaddingTopLeft: [12, isWide ? 72 : 12],
    autoPanPaddingBottomRight: [isWide ? 76 : 12, 24],
    minWidth: Math.min(320, size.x - 40),
    maxWidth: Math.min(340, size.x - 40),
    // With the pin below it: what is longer has a bar of its own.
    maxHeight: Math.max(150, size.y - (isWide ? 144 : 48)),
    className: "brief-popup",
  })
    .setLatLng([lat, lng])
    .setContent(node)
    .openOn(map);
}

/** @param {BriefContext} context */
function closeButton({ sprite, close }) {
  return el(
    "button",
    { class: "round bare close", type: "button", "aria-label": t("Close"), onclick: close },
    icon(sprite, "x"),
  );
}
