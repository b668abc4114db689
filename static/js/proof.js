/**
 * A form that arrives while very many do: `[data-proof]` in it has a challenge, a hidden input for the proof, and a
 * `[data-working][data-done]` that says how far it is. Sent before the proof is there, the form waits for it.
 */
import { find } from "./dom.js";
import { solve } from "./proof/solve.js";

const box = find(document, "[data-proof]");
if (box) prove(box);

/** @param {HTMLElement} box */
export async function prove(box) {
  const form = /** @type {HTMLFormElement} */ (box.closest("form"));
  const input = /** @type {HTMLInputElement} */ (find(box, "input"));
  const words = /** @type {HTMLElement} */ (find(box, "[data-working]"));
  const asked = JSON.parse(box.dataset.proof ?? "");
  let isWorking = true;
  /** @type {HTMLElement | null | undefined} what was pressed meanwhile */
  let pressed;
  form.addEventListener("submit", (event) => {
    if (!isWorking) return;
    event.preventDefault();
    pressed = event.submitter;
  });
  words.textContent = words.dataset.working ?? "";
  const { algorithm, challenge, salt, signature } = asked;
  const number = await solve(asked);
  isWorking = false;
  if (number !== null) {
    input.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    words.textContent = words.dataset.done ?? "";
  }
  if (pressed !== undefined) form.requestSubmit(pressed);
}
