/**
 * Says how large a chosen photo is, and refuses one that the server would refuse, before it is sent over a slow line.
 *
 * `[data-photo]` with an input for a file and `[data-photo-said]`; `data-too-large` are the words for one over 8 MB.
 */
import { find } from "../dom.js";

const MOST_BYTES = 8 * 1024 * 1024;

/** @param {HTMLElement} field @param {string} language */
export function watchPhoto(field, language) {
  const input = /** @type {HTMLInputElement | null} */ (find(field, "input[type=file]"));
  const said = find(field, "[data-photo-said]");
  if (!input || !said) return;
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    const large = file !== undefined && file.size > MOST_BYTES;
    said.textContent = file
      ? [large ? field.dataset.tooLarge : "", sizeWords(file.size, language)].filter(Boolean).join(" ")
      : "";
    said.classList.toggle("warn", large);
    if (large) input.value = "";
  });
}

/** @param {number} bytes @param {string} language @returns {string} such as "2,4 MB" */
export function sizeWords(bytes, language) {
  const isSmall = bytes < 1024 * 1024;
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit: isSmall ? "kilobyte" : "megabyte",
    maximumFractionDigits: isSmall ? 0 : 1,
  });
  return format.format(isSmall ? Math.max(1, bytes / 1024) : bytes / 1024 / 1024);
}
