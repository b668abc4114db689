/** What an answer of our server does to what is kept: it is kept itself, or it takes back what was kept before. */
import { isOverdue } from "./age.js";
import { takeOutOfAreas } from "./area-renewal.js";
import { FREE, keep } from "./caches.js";
import { forget, forgetGone, placeOf } from "./forgetting.js";
import { isForbidden, isForm, isGone } from "./rules.js";

/**
 * @param {string} name of the cache
 * @param {Request} request
 * @param {Response} answer it is used up
 */
export async function settle(name, request, answer) {
  if (FREE.has(name)) return keep(name, request, answer);
  // A server in front has nothing newer, and we may have been told since what is gone (gone.js).
  if (isOverdue(answer)) return;
  if (isForbidden(answer)) return isForm(request.url) ? undefined : forget(request.url);
  if (!isGone(answer)) return keep(name, request, answer);
  await forgetGone(request.url);
  const id = placeOf(request.url);
  if (id) await takeOutOfAreas(new Set([id]), new URL(request.url).origin);
}
