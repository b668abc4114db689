/**
 * The desk: the map of a review and the keys, on pages that work without both.
 *
 * `main.desk` (or any element with `data-desk`) gives `data-lang` and `data-messages-url`. In it `[data-review-map]`
 * (desk/review-map.js), links to a closed `details` (desk/decisions.js), `form[data-decision]` (desk/pause.js),
 * `[data-shortcuts]` (a button, hidden without script) and `[data-key="a"]` (desk/shortcuts.js).
 * `.review` is the pane that keys scroll (desk/scrolling.js).
 * `[data-tick-all]`, `[data-fresh]` (desk/queue.js), `[data-lease]` (desk/lease.js).
 * `[data-paper-codes]` (desk/paper-codes.js), `form[data-link-form]` on the page of a sign-in link (desk/sign-in.js).
 */

import { openDecisions } from "./desk/decisions.js";
import { holdLease } from "./desk/lease.js";
import { offerPaper } from "./desk/paper-codes.js";
import { pauseDecisions } from "./desk/pause.js";
import { offerTicks, watchNew } from "./desk/queue.js";
import { drawReview } from "./desk/review-map.js";
import { scrollPane } from "./desk/scrolling.js";
import { offerShortcuts } from "./desk/shortcuts.js";
import { fillToken } from "./desk/sign-in.js";
import { find, findAll } from "./dom.js";
import { loadMessages } from "./i18n.js";

const desk = find(document, "[data-desk], main.desk");
if (desk) start(desk);

// On a phone the sections are one row that is swiped: the one where somebody is, is seen.
const sections = find(document, ".desk-sections");
const current = sections && find(sections, "[aria-current]");
if (sections && current) sections.scrollLeft = current.offsetLeft - sections.offsetLeft - 16;

const linkForm = find(document, "form[data-link-form]");
if (linkForm) fillToken(linkForm);

/** @param {HTMLElement} desk */
async function start(desk) {
  // First, and without waiting for the messages: until then a press is the server's to refuse.
  pauseDecisions(desk);
  offerTicks(desk);
  scrollPane(desk);
  holdLease(desk);
  offerPaper(desk);
  await loadMessages(desk.dataset.lang ?? document.documentElement.lang, desk.dataset.messagesUrl);
  for (const sketch of findAll(desk, "[data-review-map]")) drawReview(sketch);
  offerShortcuts(document.body);
  openDecisions(desk);
  watchNew(desk);
}
