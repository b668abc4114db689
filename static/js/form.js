/**
 * Forms: everything here makes a form quicker that is complete without it.
 *
 * `form[data-form]` with `data-lang` and `data-messages-url`. In it, each described in its module:
 * `[data-picker]` (form/picker.js), `[data-hours]` (form/hours.js), `[data-repeat]` (form/rows.js),
 * `[data-shown-when="disclosure=exact"]` (form/shown.js); `[data-closure]` with the preview of form/preview.js; `data-kept` of the form (form/typed.js),
 * `data-still-wrong-url` of the form (form/still-wrong.js). `.error-box` has the focus when the page comes back with it.
 */
import { find, findAll } from "./dom.js";
import { showAlready } from "./form/already.js";
import { enhanceHours } from "./form/hours.js";
import { offerBegun } from "./form/offer-begun.js";
import { watchPhoto } from "./form/photo.js";
import { enhancePicker } from "./form/picker.js";
import { livePreview } from "./form/preview.js";
import { enhanceRows } from "./form/rows.js";
import { followAnswers } from "./form/shown.js";
import { tellWrong } from "./form/still-wrong.js";
import { keepTyped } from "./form/typed.js";
import { loadMessages } from "./i18n.js";

/** What the words of a closure are made of. */
const CLOSURE = new Set(["state", "since", "until", "reason"]);

// Where the browser has not given it; whoever has gone on since is left there.
if (document.activeElement === document.body) find(document, ".error-box")?.focus();

const form = /** @type {HTMLFormElement | null} */ (find(document, "form[data-form]"));
if (form) start(form);

/** @param {HTMLFormElement} form */
async function start(form) {
  keepTyped(form);
  offerBegun(document);
  followAnswers(form);
  tellWrong(form);
  for (const repeat of findAll(form, "[data-repeat]")) enhanceRows(repeat);
  for (const hours of findAll(form, "[data-hours]")) enhanceHours(hours);
  for (const closure of findAll(form, "[data-closure]")) livePreview(closure, (name) => CLOSURE.has(name), form);
  for (const photo of findAll(form, "[data-photo]")) watchPhoto(photo, form.dataset.lang ?? "pl");
  for (const place of findAll(form, "[data-already-url]")) showAlready(place);
  await loadMessages(form.dataset.lang ?? document.documentElement.lang, form.dataset.messagesUrl);
  for (const picker of findAll(form, "[data-picker]")) whenSeen(picker, () => enhancePicker(picker));
}

/**
 * A map can only be made where it has a size: a picker that is hidden waits until its question is asked.
 * @param {HTMLElement} element
 * @param {() => void} run
 */
function whenSeen(element, run) {
  const watch = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      watch.disconnect();
      run();
    },
    { rootMargin: "200px" },
  );
  watch.observe(element);
}
