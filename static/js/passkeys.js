/**
 * Forms that a passkey fills in. `form[data-passkey]` has `.passkey` with a button, a hidden input for what the passkey says
 * and a `[role=alert]` for what went wrong. Of a form with `data-ask` a passkey is used, and the server gives the
 * challenge there when the button is pressed; one with `data-options` makes a new one.
 */
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from "@simplewebauthn/browser";
import { awaken, find, findAll } from "./dom.js";

for (const form of findAll(document, "form[data-passkey]")) {
  if (browserSupportsWebAuthn()) offer(/** @type {HTMLFormElement} */ (form));
  else withdraw(form);
}

/**
 * @param {HTMLFormElement} form
 * @param {{ ask?: typeof answerOf, create?: typeof startRegistration }} [means]
 */
export function offer(form, { ask = answerOf, create = startRegistration } = {}) {
  const place = find(form, ".passkey");
  const button = /** @type {HTMLButtonElement | null} */ (place && find(place, "button"));
  const input = /** @type {HTMLInputElement | null} */ (place && find(place, "input"));
  const alert = place && find(place, "[role=alert]");
  if (!place || !button || !input || !alert) return;

  const use = async () => {
    alert.hidden = true;
    button.disabled = true;
    try {
      const { options, ask: where } = form.dataset;
      const made = options ? await create({ optionsJSON: JSON.parse(options) }) : await ask(where ?? "");
      input.value = JSON.stringify(made);
      form.submit();
    } catch (error) {
      button.disabled = false;
      say(alert, form.dataset[wrongIn(error)] ?? "");
    }
  };
  button.addEventListener("click", use);
  // Enter in the field of the name means this button, since there is no other.
  form.addEventListener("submit", (event) => {
    if (!form.dataset.options) return;
    event.preventDefault();
    if (!button.disabled) use();
  });
  // Whoever comes back finds the page as they left it; what was sent is used up.
  addEventListener("pageshow", () => {
    input.value = "";
    button.disabled = false;
  });
  awaken(place);
}

/** @param {HTMLElement} form */
export function withdraw(form) {
  const place = find(form, ".passkey");
  const words = form.parentElement && find(form.parentElement, ".without-passkeys");
  if (place) place.hidden = true;
  if (words) words.hidden = false;
}

/**
 * What a passkey answers to the challenge that the server gives.
 * @param {string} where
 */
async function answerOf(where) {
  const given = await fetch(where, { method: "POST", headers: { accept: "application/json" } });
  if (!given.ok) throw new Refused(given.status);
  return startAuthentication({ optionsJSON: await given.json() });
}

class Refused extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`${status}`);
    this.status = status;
  }
}

/**
 * The name of the words for what went wrong (of `data-…` on the form).
 * @param {unknown} error
 */
function wrongIn(error) {
  if (error instanceof Refused) return error.status === 429 ? "tooOften" : "failed";
  const { name, code } = /** @type {{ name?: string, code?: string }} */ (error);
  if (name === "InvalidStateError") return "known";
  if (name === "ConstraintError" || code?.startsWith("ERROR_AUTHENTICATOR_MISSING")) return "unfit";
  return name === "NotAllowedError" || name === "AbortError" ? "givenUp" : "failed";
}

/** @param {HTMLElement} alert @param {string} words */
function say(alert, words) {
  const place = find(alert, "span");
  if (place) place.textContent = words;
  alert.hidden = false;
}
