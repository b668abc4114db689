/**
 * The page to which a link in a mail leads. What signs in stands behind `#`, so that no server and no log sees it before
 * the button is pressed; script puts it into the form and takes it out of the address.
 *
 * `form[data-link-form]` with `input[name="token"]` in `[data-paste]`, where people without script paste the link.
 */
import { find } from "../dom.js";

/**
 * @param {HTMLElement} form
 * @param {Location} place
 */
export function fillToken(form, place = location) {
  const paste = find(form, "[data-paste]");
  const input = /** @type {HTMLInputElement | null} */ (paste && find(paste, 'input[name="token"]'));
  if (!paste || !input) return;
  const fill = () => {
    const token = place.hash.slice(1);
    // The link past the navigation leads to a part of the page.
    if (!token || document.getElementById(token)) return;
    input.value = token;
    paste.hidden = true;
    history.replaceState(null, "", place.pathname + place.search);
    find(form, 'button[type="submit"]')?.focus();
  };
  fill();
  // A link that is pasted into the address of this very page loads nothing anew.
  addEventListener("hashchange", fill);
}
