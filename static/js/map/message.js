/** A line of words on the map, heard too: that it could not be loaded, that the place of the phone is not known. */
import { el } from "../dom.js";

/**
 * @param {HTMLElement} holder the box of the map
 * @returns {{ say: (words: string, action?: { label: string, run: () => void }) => void, isSilent: () => boolean, clear: () => void }}
 */
export function mapMessage(holder) {
  const box = el("div", { class: "map-word", role: "status" });
  holder.append(box);
  const clear = () => box.replaceChildren();
  return {
    clear,
    isSilent: () => !box.firstChild,
    say(words, action) {
      const toast = el("p", { class: "toast" }, words);
      if (action) {
        const run = () => {
          clear();
          action.run();
        };
        toast.append(el("button", { class: "quiet", type: "button", onclick: run }, action.label));
      }
      box.replaceChildren(toast);
    },
  };
}
