/** The line over a page that is not from the network; it goes when something newer is shown. */
import { el, find, icon } from "../dom.js";
import { spoken, t } from "../i18n.js";
import { ageWords, reasonWords } from "./words.js";

/** @typedef {{ kind: "kept", reason: import("./network.js").Reason, date: number, otherLanguage?: boolean }} Kept `otherLanguage`: not in the one that was asked for */
/** @typedef {{ kind: "missing", reason: import("./network.js").Reason }} Missing */
/** @typedef {Kept | Missing | { kind: "fresh" } | { kind: "newer" }} How */

/** @param {How} how what the worker said, of this build or of another */
export function showStrip(how) {
  if ("reason" in how) how.reason = truly(how.reason);
  const strip = find(document, "[data-network-strip]");
  if (how.kind === "fresh") strip?.remove();
  const words = wordsOf(how);
  if (!words) return;
  if (how.kind === "missing") nameWhatIsKept(how.reason);
  const link = how.kind === "newer" ? t("Show") : t("Try again");
  const again = el("a", { class: "quiet", href: location.href, onclick: reload }, link);
  const inside = [icon(sprite(), "wifi-off", "icon small"), el("span", {}, words), again];
  if (strip) strip.replaceChildren(...inside);
  else
    document
      .querySelector("header.top")
      ?.after(el("p", { class: "strip", role: "status", "data-network-strip": true }, ...inside));
}

/**
 * The worker hears of no answer at all, and not why. A device that knows that it has no network says so; one that has
 * some has it as far as the next antenna: then it is true that our server does not answer, whoever is to blame.
 * @param {import("./network.js").Reason} reason
 */
function truly(reason) {
  return reason === "offline" && navigator.onLine ? "down" : reason;
}

/**
 * The page of what is kept stands in for one that could not be had (pages.js): it is not "Without internet" where our
 * server, or its database, does not answer.
 * @param {import("./network.js").Reason} reason
 */
function nameWhatIsKept(reason) {
  const heading = find(document, "[data-without]");
  if (!heading || reason === "offline") return;
  heading.textContent = reasonWords(reason).replace(/\.$/, "");
  document.title = `${heading.textContent} – Pomapa`;
}

/** @param {How} how */
function wordsOf(how) {
  if (how.kind === "kept") {
    const only = how.otherLanguage ? `. ${t("On this device it is in this language only.")}` : "";
    return `${reasonWords(how.reason)} ${ageWords(how.date, Date.now(), spoken())}${only}`;
  }
  if (how.kind === "missing") return `${reasonWords(how.reason)} ${t("What you ask for is not kept on this device.")}`;
  return how.kind === "newer" ? t("Newer data has arrived.") : "";
}

/** A link to an address with a fragment would not load it again.
 * @param {Event} event
 */
function reload(event) {
  event.preventDefault();
  location.reload();
}

/** The address of the sprite, as any icon of the page has it. */
function sprite() {
  return document.querySelector("svg use")?.getAttribute("href")?.split("#")[0] ?? "";
}
