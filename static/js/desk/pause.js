/**
 * A decision waits until its submission can have been read. The next one comes to the same spot, its buttons too, and the
 * second press of a slow double click would decide on it. The server refuses what comes too early (app/desk/shown.py);
 * with script it is not sent at all, and the buttons show it.
 *
 * `form[data-decision]`: a form that decides.
 */
import { findAll } from "../dom.js";

/** As long as the server asks for, from a later moment on: the page is shown after it was made. */
export const PAUSE_MS = 1000;

/**
 * @param {HTMLElement} page
 * @param {(then: () => void, ms: number) => unknown} [later]
 */
export function pauseDecisions(page, later = setTimeout) {
  const forms = /** @type {HTMLFormElement[]} */ (findAll(page, "form[data-decision]"));
  // Those too that stand elsewhere and belong to it.
  const buttons = forms.flatMap((form) => [...form.elements].filter((part) => part.matches("button")));
  let resting = false;

  const rest = () => {
    resting = true;
    for (const button of buttons) button.setAttribute("aria-disabled", "true");
    later(() => {
      resting = false;
      for (const button of buttons) button.removeAttribute("aria-disabled");
    }, PAUSE_MS);
  };

  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (resting) event.preventDefault();
      // While the answer is on its way the same page stays: one press sends one decision.
      else rest();
    });
  }
  if (forms.length) rest();
}
