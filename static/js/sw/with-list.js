/** The finder's page with another list in it: what a page would have been that nobody has opened. */
import { dateLike } from "./age.js";

/** Where the list begins and ends in the finder's page (templates/finder/finder.html): a fragment is what is between. */
const LIST_BEGINS = /<section[^>]* data-results[^>]*>/;
const LIST_ENDS = /<\/section>\s*<section[^>]* class="mapbox/;

/**
 * @param {Response} page
 * @param {Response} fragment
 * @returns {Promise<Response | undefined>} as old as its list; `undefined` where the page is of a build that is made otherwise
 */
export async function withList(page, fragment) {
  const html = await page.text();
  const begins = LIST_BEGINS.exec(html);
  const ends = LIST_ENDS.exec(html);
  if (!begins || !ends) return undefined;
  const whole = html.slice(0, begins.index + begins[0].length) + (await fragment.text()) + html.slice(ends.index);
  const headers = headersOf(page);
  dateLike(headers, fragment);
  return new Response(whole, { headers });
}

/** Headers of an answer whose body is no longer what came over the wire; the policy stays with it.
 * @param {Response} answer
 */
export function headersOf(answer) {
  const headers = new Headers(answer.headers);
  for (const name of ["content-length", "content-encoding", "etag"]) headers.delete(name);
  return headers;
}
