/** One sheet a slip, always: where the words need the room, the sketch stands beside them; it goes last. */

/** From plain to poorest; each class leaves out more. */
const STEPS = ["full", "fuller", "tight", "fullest", "bare"];
/** A5 at 96 pixels an inch, in millimetres as the sheet has it. */
const SHEET_MM = 209;
const PX_PER_MM = 96 / 25.4;

/**
 * Makes a slip fit on its sheet.
 * @param {HTMLElement} slip
 */
export function fit(slip) {
  slip.classList.remove(...STEPS);
  slip.classList.add("measured");
  for (const step of STEPS) {
    if (slip.scrollHeight <= SHEET_MM * PX_PER_MM) break;
    slip.classList.add(step);
  }
  slip.classList.remove("measured");
}
