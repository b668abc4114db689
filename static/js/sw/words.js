/** What a reader is told of what is not from the network: why, and how old it is. */
import { t } from "../i18n.js";

/**
 * Why: `No internet.`
 * @param {import("./network.js").Reason} reason
 */
export function reasonWords(reason) {
  if (reason === "slow") return t("The internet is slow here.");
  if (reason === "down") return t("Our server does not answer at the moment.");
  return t("No internet.");
}

/**
 * How old: `Data from today, 14:05`, in the time of the reader's clock. One that goes wrong, as after an empty battery,
 * makes nothing be of today.
 * @param {number} date milliseconds
 * @param {number} now milliseconds
 * @param {string} lang
 */
export function ageWords(date, now, lang) {
  const time = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);
  const days = Math.round((midnight(now) - midnight(date)) / (24 * 3600 * 1000));
  if (!days) return t("Data from today, %(time)s", { time });
  if (days === 1) return t("Data from yesterday, %(time)s", { time });
  return t("Data of %(day)s, %(time)s", { day: dayWords(date, now, lang), time });
}

/** `21 November`, with the year when it is another one.
 * @param {number} date
 * @param {number} now
 * @param {string} lang
 */
export function dayWords(date, now, lang) {
  const sameYear = new Date(date).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(lang, {
    day: "numeric",
    month: "long",
    year: sameYear ? undefined : "numeric",
  }).format(date);
}

/** @param {number} moment */
function midnight(moment) {
  return new Date(moment).setHours(0, 0, 0, 0);
}
