/**
 * SHA-256 (FIPS 180-4) of a short text, for many texts after each other. The browser's own gives a promise for each, which
 * takes ten times as long as the sum itself, and is not there without https.
 */

/** Bytes of the longest text: with a bit and its length it fills one block. */
export const LONGEST = 55;

const PRIMES = primes(64);
const ROUND = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const words = new Int32Array(64);

/**
 * Writes the eight words of the sum of `text[0…length]` to `sum`.
 * @param {Uint8Array} text
 * @param {number} length at most `LONGEST`
 * @param {Int32Array} sum
 */
export function sha256(text, length, sum) {
  words.fill(0, 0, 16);
  for (let i = 0; i < length; i++) words[i >> 2] = at(words, i >> 2) | (at(text, i) << (24 - (i % 4) * 8));
  words[length >> 2] = at(words, length >> 2) | (0x80 << (24 - (length % 4) * 8));
  words[15] = length * 8;
  for (let i = 16; i < 64; i++) {
    const near = at(words, i - 2);
    const far = at(words, i - 15);
    const a = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
    const b = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
    words[i] = a + at(words, i - 7) + b + at(words, i - 16);
  }
  let [a, b, c, d] = [at(START, 0), at(START, 1), at(START, 2), at(START, 3)];
  let [e, f, g, h] = [at(START, 4), at(START, 5), at(START, 6), at(START, 7)];
  for (let i = 0; i < 64; i++) {
    const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + at(ROUND, i) + at(words, i);
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    sum[i] = word + at(START, i);
  });
}

/** @param {Int32Array | Uint8Array} list @param {number} i */
function at(list, i) {
  return /** @type {number} */ (list[i]);
}

/** @param {number} word @param {number} by */
function turned(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits behind the point.
 * @param {number} root
 */
function fraction(root) {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

/** @param {number} many */
function primes(many) {
  /** @type {number[]} */
  const found = [];
  for (let n = 2; found.length < many; n++) if (found.every((prime) => n % prime)) found.push(n);
  return found;
}
