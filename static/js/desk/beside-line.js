/** Where the words of a line between two pins stand. */

/** From the middle of a pin to where words may begin: the pin, its rim and a little room. */
const PIN_PX = 21;

/**
 * How far from the middle of the line its words stand, in pixels: on it where the pins leave room there, else beside it, below
 * rather than above, so that no pin lies on them whichever way the line goes.
 * @param {[number, number]} line from one pin to the other
 * @param {[number, number]} words how wide and how high
 * @returns {[number, number]}
 */
export function besideLine([dx, dy], [width, height]) {
  const length = Math.hypot(dx, dy);
  const [x, y] = length > 0 ? [dx / length, dy / length] : [1, 0];
  const along = (Math.abs(x) * width + Math.abs(y) * height) / 2;
  if (length / 2 >= PIN_PX + along) return [0, 0];
  const off = PIN_PX + (Math.abs(y) * width + Math.abs(x) * height) / 2;
  return x < 0 ? [y * off, -x * off] : [-y * off, x * off];
}
