/** Buttons on the map: nearer, further, where I am, simple map. Made by script, because without it they could do nothing. */
import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { disableClickPropagation } from "./leaflet.js";

/**
 * @param {import("leaflet").Map} map
 * @param {string} sprite
 * @param {{ zoomAlways?: boolean, locate?: () => void, simple?: (simple: boolean) => void }} wishes
 */
export function mapTools(map, sprite, { zoomAlways = false, locate, simple }) {
  const wide = zoomAlways ? "" : " wide-only";
  const tools = el(
    "div",
    { class: "map-tools" },
    el(
      "div",
      { class: `zoom${wide}` },
      button(t("Zoom in"), "plus", "round", () => map.zoomIn()),
      button(t("Zoom out"), "minus", "round", () => map.zoomOut()),
    ),
    locate && button(t("Show where I am"), "locate-fixed", `round${wide}`, locate),
    simple && simpleButton(simple),
  );
  disableClickPropagation(tools);
  return tools;

  /** @param {(simple: boolean) => void} set */
  function simpleButton(set) {
    const toggle = button(t("Simple map, uses less data"), "layers", "round", () => {
      const on = toggle.getAttribute("aria-pressed") !== "true";
      toggle.setAttribute("aria-pressed", String(on));
      set(on);
    });
    toggle.setAttribute("aria-pressed", "false");
    return toggle;
  }

  /** @param {string} label @param {string} name @param {string} classes @param {() => void} action */
  function button(label, name, classes, action) {
    return el(
      "button",
      { class: classes, type: "button", "aria-label": label, title: label, onclick: action },
      icon(sprite, name),
    );
  }
}
