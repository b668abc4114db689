/** Places beside a submission, on its small map: by the numbers that they have in the list below, since names lie over each other. */

/** @typedef {import("../data/geo.js").Position} Position */
/** @typedef {[x: number, y: number]} Pixel */
/** @typedef {{ position: Position, shift: Pixel, names: string[], numbers: number[] }} Spot where its first place is, moved by `shift` */

/** Of a label: as high, as wide with one number, and so much wider with each one more. */
const HIGH_PX = 26;
const WIDE_PX = 26;
const MORE_PX = 18;
/** So far a label keeps from the middle of a pin in question, which would lie over it. */
const BESIDE_PX = 30;

/**
 * @param {readonly [lng: number, lat: number, name: string][]} places in the order of the list
 * @param {(position: Position) => Pixel} toPixel
 * @param {readonly Position[]} pins in question
 * @returns {Spot[]} none upon another: what would be is one spot with all its numbers
 */
export function spotsOf(places, toPixel, pins) {
  const spots = places.map(([lng, lat], at) => {
    /** @type {Position} */
    const position = [lng, lat];
    const [x, y] = toPixel(position);
    const shift = besides([x, y], pins.map(toPixel));
    return { position, shift, x: x + shift[0], y: y + shift[1], numbers: [at + 1] };
  });
  // One that has become wider may lie upon another one.
  for (let pair = overlap(spots); pair; pair = overlap(spots)) {
    const [one, other] = pair;
    one.numbers.push(...other.numbers);
    spots.splice(spots.indexOf(other), 1);
  }
  return spots.map(({ position, shift, numbers }) => {
    numbers.sort((a, b) => a - b);
    return { position, shift, numbers, names: numbers.map((number) => places[number - 1]?.[2] ?? "") };
  });
}

/** How far a label is moved away from the pins.
 * @param {Pixel} place
 * @param {Pixel[]} pins
 * @returns {Pixel}
 */
function besides([x, y], pins) {
  for (const [pinX, pinY] of pins) {
    const far = Math.hypot(x - pinX, y - pinY);
    if (far >= BESIDE_PX) continue;
    const [right, down] = far < 1 ? [1, 0] : [(x - pinX) / far, (y - pinY) / far];
    return [Math.round(pinX + right * BESIDE_PX - x), Math.round(pinY + down * BESIDE_PX - y)];
  }
  return [0, 0];
}

/**
 * Two that lie upon each other.
 * @template {{ x: number, y: number, numbers: number[] }} T
 * @param {T[]} spots
 * @returns {[T, T] | null}
 */
function overlap(spots) {
  for (const [at, one] of spots.entries()) {
    const other = spots.slice(at + 1).find(({ x, y, numbers }) => {
      const wide = WIDE_PX + (MORE_PX * (one.numbers.length + numbers.length - 2)) / 2;
      return Math.abs(x - one.x) < wide && Math.abs(y - one.y) < HIGH_PX;
    });
    if (other) return [one, other];
  }
  return null;
}
