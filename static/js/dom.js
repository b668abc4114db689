/** Builders of elements. Text is always text: nothing here takes markup, and no other module makes any. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

/**
 * An HTML element. `class`, `data-…` and every other attribute are set as given; `on…` functions become listeners;
 * `true` sets an empty attribute; `false`, `null` and `undefined` are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * An SVG element, made like `el`.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(/** @type {any} */ (document.createElementNS(SVG, tag)), attributes, children);
}

/**
 * An icon of the sprite; hidden from screen readers, because words stand beside it or name its button.
 * @param {string} sprite address of the sprite
 * @param {string} name a Lucide name
 * @param {string} [classes]
 */
export function icon(sprite, name, classes = "icon") {
  return svg(
    "svg",
    { class: classes, "aria-hidden": "true", focusable: "false" },
    svg("use", { href: `${sprite}#i-${name}` }),
  );
}

/**
 * Show what waits for script, in the room that it has had from the start (`.awaited` of base.css).
 * @param {Element} element
 */
export function awaken(element) {
  element.classList.remove("awaited");
}

/**
 * The first element inside `root` that fits, with its type; `null` where there is none.
 * @template {Element} [E=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {E | null}
 */
export function find(root, selector) {
  return root.querySelector(selector);
}

/**
 * All elements inside `root` that fit.
 * @template {Element} [E=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {E[]}
 */
export function findAll(root, selector) {
  return [...root.querySelectorAll(selector)].map((element) => /** @type {E} */ (/** @type {unknown} */ (element)));
}

/** Only addresses that cannot run anything become links: http, https, mailto, tel, and those of our own site.
 * @param {string | null | undefined} href
 * @returns {string | null}
 */
export function safeHref(href) {
  if (!href) return null;
  try {
    const url = new URL(href, document.baseURI);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? href : null;
  } catch {
    return null;
  }
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {Child[]} children
 * @returns {E}
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** How much larger than 16 pixels the visitor's text is. What is measured in `rem` grows with it. */
export function textScale() {
  return (Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16) / 16;
}
