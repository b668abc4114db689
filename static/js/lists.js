/**
 * The page of one's lists. `[data-lists]` gives `data-lang`, `data-messages-url`, `data-sprite-url`. An address with a
 * fragment shows a list that somebody shares, which can be kept.
 */
import { el, find } from "./dom.js";
import { loadMessages, t } from "./i18n.js";
import { isCut, listOf } from "./lists/link.js";
import { readLists } from "./lists/store.js";
import { ownView, sharedView } from "./lists/view.js";

const root = /** @type {HTMLElement} */ (find(document, "[data-lists]"));
const status = el("p", { class: "meta", role: "status" });
await loadMessages(root.dataset.lang ?? document.documentElement.lang, root.dataset.messagesUrl);

/** Of the address; a link within the page, such as the one to its content, leaves it as it was. */
let fragment = "";

/** @param {string} [words] what has just been done */
function show(words = "") {
  if (!isWithinPage()) fragment = location.hash;
  const shared = listOf(fragment);
  const options = { lang: root.dataset.lang ?? "en", sprite: root.dataset.spriteUrl ?? "", changed: show };
  root.replaceChildren(status, ...(shared ? sharedView(shared, options) : ownView(readLists(), options)));
  status.textContent = words || lost(Boolean(shared));
}

/** What the address has lost, if anything.
 * @param {boolean} isList whether it still holds a list
 */
function lost(isList) {
  if (!isList) return fragment.length > 1 ? t("This link is not complete or no longer valid.") : "";
  return isCut(fragment) ? t("This link is not complete, so a place is missing. Ask for it again.") : "";
}

function isWithinPage() {
  return document.getElementById(location.hash.slice(1)) !== null;
}

addEventListener("hashchange", () => {
  if (!isWithinPage()) show();
});
// Another tab has saved something.
addEventListener("storage", () => show());
show();
