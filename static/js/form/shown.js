/**
 * Questions that depend on another answer. `data-shown-when="disclosure=exact area"`: seen while the field of that name
 * has one of these values. What is hidden stays in the form; the server drops what was not asked.
 */
import { findAll } from "../dom.js";

/** @param {HTMLFormElement} form */
export function followAnswers(form) {
  const update = () => {
    for (const part of findAll(form, "[data-shown-when]")) {
      const [name = "", values = ""] = (part.dataset.shownWhen ?? "").split("=");
      const answers = new FormData(form).getAll(name).map(String);
      part.hidden = !values.split(" ").some((value) => answers.includes(value));
    }
  };
  form.addEventListener("change", update);
  update();
}
