/**
 * Rows that may be added and taken away: services, phone numbers. The form adds rows by a submit button
 * (`name="action" value="add:phones"`); script does the same in place.
 *
 * `[data-repeat="phones"]` holds `[data-rows]`, in it `[data-row]` each; a `<template>` with one row whose attributes say
 * `__n__` where the number goes; the button; `data-most`. A `[data-remove]` button in a row is hidden without script.
 */
import { find, findAll } from "../dom.js";

const PLACEHOLDER = "__n__";

/** @param {HTMLElement} repeat */
export function enhanceRows(repeat) {
  const name = repeat.dataset.repeat ?? "";
  const rows = find(repeat, "[data-rows]");
  const template = /** @type {HTMLTemplateElement | null} */ (find(repeat, "template"));
  const add = /** @type {HTMLButtonElement | null} */ (find(repeat, `button[value="add:${name}"]`));
  if (!rows || !template || !add) return;
  const most = Number(repeat.dataset.most ?? 5);
  /** A number is never used twice, so that nothing of a row that was taken away comes back. */
  let next =
    Math.max(-1, ...findAll(rows, "[name]").map((field) => numberIn(field.getAttribute("name") ?? "", name))) + 1;

  const update = () => {
    const there = findAll(rows, ":scope > [data-row]");
    add.hidden = there.length >= most || next >= 100;
    for (const button of findAll(rows, "[data-remove]")) button.hidden = there.length < 2;
  };
  add.addEventListener("click", (event) => {
    event.preventDefault();
    const row = numbered(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), String(next));
    next += 1;
    const first = find(row, "input, select, textarea");
    rows.append(row);
    update();
    first?.focus();
  });
  rows.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-remove]") : null;
    const row = /** @type {HTMLElement | null} */ (button?.closest("[data-row]") ?? null);
    if (!row) return;
    event.preventDefault();
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    update();
    (neighbour ? find(neighbour, "input, select, textarea") : add)?.focus();
  });
  update();
}

/**
 * A copy of a template's content with a number in the place of `__n__`, in every attribute and text.
 * @template {DocumentFragment | Element} N
 * @param {N} node
 * @param {string} number
 * @returns {N}
 */
export function numbered(node, number) {
  for (const element of findAll(node, "*")) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes(PLACEHOLDER)) element.setAttribute(name, value.replaceAll(PLACEHOLDER, number));
    }
  }
  return node;
}

/** The number in `phones.2.value`, -1 when there is none.
 * @param {string} field
 * @param {string} name
 */
function numberIn(field, name) {
  if (!field.startsWith(`${name}.`)) return -1;
  const number = Number.parseInt(field.slice(name.length + 1), 10);
  return Number.isNaN(number) ? -1 : number;
}
