/**
 * The banners on top of a page (templates/parts/banners.html): what has ended is not shown, whatever the page comes from;
 * what somebody has put away stays away in this browser; and nothing of it is told to anybody.
 */
export const KEY = "pomapa.banners";
/** More are not remembered: the oldest have ended long ago. */
const MOST = 50;
/** A timer takes no longer than this. */
const LONGEST_MS = 24 * 3600 * 1000;

/** A clock of a device that is farther from the server's is wrong: a page comes no later, and its moment goes by in steps. */
const LATEST_MS = 3600 * 1000;
const EARLIEST_MS = -600 * 1000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** When each row of banners came, by the device's clock. @type {WeakMap<Element, number>} */
const came = new WeakMap();

/**
 * Put the banners of a page in order, and again when the next one ends.
 * @param {Document} page
 * @param {number} [now] milliseconds
 */
export function tidy(page, now = Date.now()) {
  const away = new Set(putAway());
  let next = LONGEST_MS;
  let isWaiting = false;
  for (const banner of page.querySelectorAll("[data-banner]")) {
    const left = Date.parse(banner.getAttribute("data-until") ?? "") - moment(banner, now);
    const isAway = banner.hasAttribute("data-dismissable") && away.has(banner.getAttribute("data-banner") ?? "");
    if (left <= 0 || isAway) banner.remove();
    else {
      offer(banner);
      isWaiting = true;
      next = Math.min(next, left || LONGEST_MS);
    }
  }
  clearTimeout(timer);
  if (isWaiting) timer = setTimeout(() => tidy(page), Math.max(next, 1000));
}

/**
 * The moment it is, by the clock of the server where the device's is wrong: a phone that is a day ahead must not hide the
 * emergency of today. Of a page that is kept nothing better is known than what the device shows.
 * @param {Element} banner
 * @param {number} now
 */
function moment(banner, now) {
  const row = banner.closest("[data-at]");
  if (!row || row.ownerDocument.documentElement.hasAttribute("data-kept")) return now;
  const at = Number(row.getAttribute("data-at")) * 1000;
  const since = came.get(row) ?? now;
  came.set(row, since);
  const ahead = since - at;
  return ahead > LATEST_MS || ahead < EARLIEST_MS ? at + now - since : now;
}

/** @param {Element} banner */
function offer(banner) {
  const button = banner.querySelector("[data-dismiss]");
  if (!(button instanceof HTMLElement) || !button.hidden) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    remember(banner.getAttribute("data-banner") ?? "");
    leaveFocus(banner);
    banner.remove();
  });
}

/** Who has put a banner away by keyboard goes on where it was. @param {Element} banner */
function leaveFocus(banner) {
  const page = banner.ownerDocument;
  const next = banner.nextElementSibling?.querySelector("summary") ?? page.querySelector("main");
  if (!(next instanceof HTMLElement)) return;
  if (next.localName === "main") next.tabIndex = -1;
  next.focus({ preventScroll: true });
}

/** @returns {string[]} */
function putAway() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // Site data is switched off, or something else stands there.
  }
}

/** @param {string} key */
function remember(key) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...putAway(), key].slice(-MOST)));
  } catch {
    // It is gone from this page all the same.
  }
}
