/**
 * The address that lies nearest to the pin, offered for the fields of the form. What a person has typed is never
 * replaced unseen: what would go is shown, the button says that it replaces, and the same button puts it back.
 */
import { el } from "../dom.js";
import { t } from "../i18n.js";

/**
 * @typedef {object} NearestKnown an address that is known, and how far from the pin it lies
 * @property {string} line as people write it
 * @property {number} away_m
 * @property {string} street "" in a settlement without streets
 * @property {string} house_number
 * @property {string} postcode the most common one of the street; "" where none is known
 * @property {string} place
 */
/** @typedef {{ field: HTMLInputElement, now: string, next: string }} Change */

export class NearestAddress {
  /**
   * @param {HTMLElement} root made for the offer, hidden while there is none
   * @param {HTMLInputElement[]} fields each with `data-fill`, the part of an address that it takes
   */
  constructor(root, fields) {
    this.root = root;
    this.fields = fields;
    /** @type {NearestKnown | null} */
    this.address = null;
    /** What stood in the fields before. @type {Change[]} */
    this.replaced = [];
    this.said = el("p", { class: "hint", role: "status" });
    this.differences = el("ul", { class: "nearest-differs" });
    this.button = el("button", { class: "button second", type: "button", onclick: () => this.press() });
    root.append(this.differences, this.button, this.said);
    for (const field of fields) {
      field.addEventListener("input", () => {
        // Whoever types on has seen what was filled in: what stood there before does not come back over it.
        if (!this.filling) this.offer(this.address);
      });
    }
    this.filling = false;
  }

  /** Offer another address, or none.
   * @param {NearestKnown | null} address
   */
  offer(address) {
    this.address = address;
    this.replaced = [];
    this.said.textContent = "";
    this.show();
  }

  /** The pin stands elsewhere now. What is shown stays where it is, so that nothing moves under a finger; it fills in nothing. */
  hold() {
    this.address = null;
  }

  press() {
    if (this.replaced.length) {
      this.write(this.replaced.map(({ field, now }) => ({ field, now: field.value, next: now })));
      this.replaced = [];
      this.said.textContent = t("What you had written is back.");
    } else if (this.address) {
      const changes = changesBy(this.address, this.fields);
      this.write(changes);
      this.replaced = changes;
      this.said.textContent = t("The address is filled in.");
    }
    this.show();
  }

  /** @param {Change[]} changes */
  write(changes) {
    this.filling = true;
    for (const { field, next } of changes) {
      field.value = next;
      field.dispatchEvent(new Event("input", { bubbles: true })); // Whoever keeps what is typed keeps this, too.
    }
    this.filling = false;
  }

  show() {
    const changes = this.address ? changesBy(this.address, this.fields) : [];
    const lost = this.replaced.length ? [] : changes.filter(({ now }) => now.trim());
    this.root.hidden = !changes.length && !this.replaced.length;
    this.differences.hidden = !lost.length;
    this.differences.replaceChildren(
      ...lost.map(({ field, now, next }) =>
        el(
          "li",
          {},
          next
            ? t("%(field)s: “%(new)s” in place of “%(old)s”", { field: labelOf(field), new: next, old: now.trim() })
            : t("%(field)s: “%(old)s” goes away", { field: labelOf(field), old: now.trim() }),
        ),
      ),
    );
    this.button.textContent = this.replaced.length
      ? t("Undo")
      : lost.length
        ? t("Replace what I wrote with this address")
        : t("Use this address");
  }
}

/**
 * What the address would change. Of a street only the most common postcode is known, so one that was typed stays.
 * @param {NearestKnown} address
 * @param {HTMLInputElement[]} fields
 * @returns {Change[]}
 */
export function changesBy(address, fields) {
  const parts = /** @type {Record<string, string>} */ (/** @type {unknown} */ (address));
  return fields.flatMap((field) => {
    const part = field.dataset.fill ?? "";
    const next = parts[part] ?? "";
    const now = field.value;
    if (alike(now, next) || (part === "postcode" && (now.trim() || !next))) return [];
    return [{ field, now, next }];
  });
}

/** Whether two spellings are the same to people: registers leave "ul." out. @param {string} a @param {string} b */
function alike(a, b) {
  const plain = (/** @type {string} */ text) =>
    text
      .trim()
      .replace(/^(ul\.?|ulica)\s+/i, "")
      .replace(/\s+/g, " ")
      .toLowerCase();
  return plain(a) === plain(b);
}

/** @param {HTMLInputElement} field */
function labelOf(field) {
  const [label] = field.labels ?? [];
  return (label?.firstChild?.textContent ?? field.name).trim();
}
