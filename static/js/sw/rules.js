/** Which requests the worker answers, and how: everything that is not named here goes to the network untouched. */

/**
 * - `file`: its name changes with its content, so that a kept one is always right;
 * - `tile`: a picture of the base map;
 * - `answer`: what the finder asks for while it is open;
 * - `page`: a public page;
 * - `start`: `/`, which leads to a language.
 * @typedef {"file" | "tile" | "answer" | "page" | "start"} Rule
 */

const LANGUAGES = ["pl", "uk", "en", "de", "ro", "ru"];
const HASHED = /^\/static\/[^/]+-[A-Z0-9]{8,10}\.[a-z0-9]+$/;
const TILE = /^\/tiles\/base\/\d+\/\d+\/\d+$/;
/** Suggestions are not among them: a letter each, nobody asks twice. */
const ANSWER = /^\/api\/v1\/(tiles|taxonomy|layers|place-names|areas)\//;
const FORM = /^\/[a-z]{2}\/(?:suggest|report)\//;
/** What belongs to one person; their addresses are secrets. */
const PERSONAL = ["confirm", "sent", "status"];

/**
 * @param {{ method: string, url: string, mode: string, headers: { has(name: string): boolean } }} request
 * @param {string} origin our own
 * @returns {Rule | null}
 */
export function ruleOf({ method, url, mode, headers }, origin) {
  const { origin: host, pathname } = new URL(url);
  if (method !== "GET" || host !== origin || headers.has("range")) return null;
  if (HASHED.test(pathname)) return "file";
  if (TILE.test(pathname)) return "tile";
  if (ANSWER.test(pathname)) return "answer";
  const [, language = "", second = ""] = pathname.split("/");
  if (mode === "navigate" && pathname === "/") return "start";
  if (!LANGUAGES.includes(language) || PERSONAL.includes(second)) return null;
  if (headers.has("x-fragment")) return "answer";
  return mode === "navigate" ? "page" : null;
}

/** The language of an address of ours, `null` where it has none.
 * @param {string} url
 */
export function languageOf(url) {
  const [, language = ""] = new URL(url).pathname.split("/");
  return LANGUAGES.includes(language) ? language : null;
}

/**
 * Whether an answer is everybody's, whole and said to be public. Redirects are followed anew each time.
 * @param {{ status: number, type: string, headers: { get(name: string): string | null } }} answer
 */
export function mayKeep({ status, type, headers }) {
  const control = headers.get("cache-control") ?? "";
  return status === 200 && type === "basic" && control.includes("public") && !/no-store|private/.test(control);
}

/**
 * Whether the server allows that somebody finds a page or data on this device (app/web/keeping.py). Who shares the
 * phone may look, so that what is about violence is not allowed, and nothing is that does not say so. A file to download
 * lies where its reader has put it, and nowhere else.
 * @param {{ headers: { get(name: string): string | null } }} answer
 */
export function isAllowed({ headers }) {
  return headers.get("x-keep") === "yes" && !/^\s*attachment/i.test(headers.get("content-disposition") ?? "");
}

/** Whether our server says that there is nothing at an address, or nothing any more.
 * @param {{ status: number, type: string }} answer
 */
export function isGone({ status, type }) {
  return type === "basic" && (status === 404 || status === 410);
}

/** Whether an address is a form about a place. That it may not be kept says nothing of the place.
 * @param {string} url
 */
export function isForm(url) {
  return FORM.test(new URL(url).pathname);
}

/** Whether our server gives what nobody may find on this device.
 * @param {{ status: number, type: string, headers: { get(name: string): string | null } }} answer
 */
export function isForbidden(answer) {
  return answer.type === "basic" && answer.status === 200 && !(mayKeep(answer) && isAllowed(answer));
}

/** Whether an answer says that the server, or the database behind it, cannot be had now.
 * @param {number} status
 */
export function isDown(status) {
  return status >= 502 && status <= 504;
}
