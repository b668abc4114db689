/** What an answer of our server does to what is kept: it is kept itself, or it takes back what was kept before. */
import { renewAreasWith } from "./area-renewal.js";
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
  if (isForbidden(answer)) return isForm(request.url) ? undefined : forget(request.url);
  if (!isGone(answer)) return keep(name, request, answer);
  await forgetGone(request.url);
  const id = placeOf(request.url);
  if (id) await renewAreasWith(id, new URL(request.url).origin);
}
