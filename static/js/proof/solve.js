import { LONGEST, sha256 } from "./sha256.js";

/** So long a page does nothing else at a time: less than one frame. */
const SLICE_MS = 8;
/** So many are tried between two looks at the clock. */
const AT_ONCE = 200;

/**
 * @typedef {object} Challenge as the server gives it (app/web/proof_of_work.py)
 * @property {string} algorithm
 * @property {string} challenge hexadecimal SHA-256 of `salt` and the number
 * @property {number} maxnumber
 * @property {string} salt ASCII
 * @property {string} signature
 */

/**
 * The number from 0 to `maxnumber` that a challenge asks for, found by trying; null when there is none.
 * @param {Challenge} challenge
 * @param {() => Promise<unknown>} [rest] lets the page do something else
 * @returns {Promise<number | null>}
 */
export async function solve({ challenge, maxnumber, salt }, rest = turn) {
  const text = new Uint8Array(LONGEST);
  const { written } = new TextEncoder().encodeInto(salt, text);
  if (written + String(maxnumber).length > LONGEST) return null;
  const wanted = Int32Array.from(challenge.match(/.{8}/g) ?? [], (word) => Number.parseInt(word, 16));
  const sum = new Int32Array(8);
  let stop = performance.now() + SLICE_MS;
  for (let number = 0; number <= maxnumber; number++) {
    sha256(text, written + write(number, text, written), sum);
    if (sum[0] === wanted[0] && sum.every((word, i) => word === wanted[i])) return number;
    if (number % AT_ONCE || performance.now() < stop) continue;
    await rest();
    stop = performance.now() + SLICE_MS;
  }
  return null;
}

/** Waits until what else the page has to do is done. A timer would wait four milliseconds more, half as long as a slice. */
function turn() {
  return new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      go(null);
    };
    port2.postMessage(null);
  });
}

/** Writes a number in decimal digits; gives how many.
 * @param {number} number
 * @param {Uint8Array} into
 * @param {number} from
 */
function write(number, into, from) {
  const digits = String(number);
  for (let i = 0; i < digits.length; i++) into[from + i] = digits.charCodeAt(i);
  return digits.length;
}
