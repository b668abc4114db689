/** Buttons on the map: nearer, further, where I am, simple map, an area to draw. Made by script, because without it they could do nothing. */
import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { disableClickPropagation } from "./leaflet.js";

/** Left between a tool and the pin that has come out from under it. */
const GAP_PX = 8;

/**
 * @param {import("leaflet").Map} map
 * @param {string} sprite
 * @param {{ zoomAlways?: boolean, locate?: () => void, simple?: (simple: boolean) => void, draw?: HTMLElement }} wishes
 */
export function mapTools(map, sprite, { zoomAlways = false, locate, simple, draw }) {
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
    draw,
  );
  disableClickPropagation(tools);
  map.getContainer().addEventListener("focusin", ({ target }) => {
    if (target instanceof Element && target.matches(".pin:focus-visible, .cluster:focus-visible"))
      clearOf(map, tools, target);
  });
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

/**
 * Move the map where a pin that has the focus lies under a tool, so that it is seen.
 * @param {import("leaflet").Map} map
 * @param {HTMLElement} tools
 * @param {Element} pin
 */
function clearOf(map, tools, pin) {
  const mine = pin.getBoundingClientRect();
  for (const tool of tools.children) {
    const { left, right, top, bottom } = tool.getBoundingClientRect();
    if (mine.left >= right || mine.right <= left || mine.top >= bottom || mine.bottom <= top) continue;
    const area = map.getContainer().getBoundingClientRect();
    const atRight = left + right > area.left + area.right;
    map.fire("autopanstart"); // Which is no new question.
    map.panBy([Math.round(atRight ? mine.right - left + GAP_PX : mine.left - right - GAP_PX), 0]);
    return;
  }
}
