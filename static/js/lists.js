/**
 * The page of one's lists. `[data-lists]` gives `data-lang`, `data-messages-url`, `data-sprite-url`. An address with a
 * fragment shows a list that somebody shares, which can be kept.
 */
import { el, find } from "./dom.js";
import { loadMessages, t } from "./i18n.js";
import { isCut, listOf } from "./lists/link.js";
import { forgetName, isSaved, readLists } from "./lists/store.js";
import { ownView, sharedView } from "./lists/view.js";

const root = /** @type {HTMLElement} */ (find(document, "[data-lists]"));
const status = el("p", { class: "meta", role: "status" });
await loadMessages(root.dataset.lang ?? document.documentElement.lang, root.dataset.messagesUrl);

/** Of the address; a link within the page, such as the one to its content, leaves it as it was. */
let fragment = "";

/** Draw all anew.
 * @param {string} [words] what has just been done
 * @param {string} [focus] what has the focus then, where something was pressed that goes
 */
function show(words = "", focus = "") {
  if (!isWithinPage()) fragment = location.hash;
  const shared = listOf(fragment);
  const options = { lang: root.dataset.lang ?? "en", sprite: root.dataset.spriteUrl ?? "", changed: show, tell };
  // What tells stays where it is: of what has only just come nothing is heard.
  while (status.nextSibling) status.nextSibling.remove();
  root.append(...(shared ? sharedView(shared, options) : ownView(readLists(), options)));
  tell(words || lost(Boolean(shared)));
  if (focus) take(find(root, focus) ?? find(root, "h2") ?? root);
}

/** @param {string} words */
function tell(words) {
  status.textContent = words;
}

/** Let something have the focus, whatever it is. @param {HTMLElement} element */
function take(element) {
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus();
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
// The worker says what is gone from the map (offline.js): nobody goes on reading what it was called.
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.kind !== "gone" || !data.ids.some((/** @type {string} */ id) => isSaved(readLists(), id))) return;
  data.ids.forEach(forgetName);
  show();
});
root.replaceChildren(status);
show();
