"""What is kept in a browser, in caches, local storage and databases: script that looks, and waiting for what shall be there."""

from collections.abc import Callable
from typing import Any

from playwright.async_api import Page

#: How many places the area on this device has, and whether one of them has these words.
AREA_HOLDS = """async words => {
  const cache = await caches.open("pomapa-areas-1");
  const texts = await Promise.all((await cache.matchAll()).map(answer => answer.text()));
  const record = texts.find(text => text.startsWith('{"code"'));
  return [JSON.parse(record).places, texts.some(text => text.includes(words))];
}"""

#: All that is kept in this browser and has these words: addresses, or the names of what else keeps.
HOLDING = """async words => {
  const has = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      if (!answer) continue; // The worker has just dropped it.
      const text = request.url + await answer.text();
      if (words.some(word => text.includes(word))) has.push(request.url);
    }
  }
  for (const [key, value] of Object.entries(localStorage)) if (words.some(word => value.includes(word))) has.push(key);
  return has.concat((await indexedDB.databases()).map(({name}) => name));
}"""

#: As if all of it had been kept a day ago.
A_DAY_AGO = """async () => {
  for (const name of ["pomapa-pages-2", "pomapa-answers-2"]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      if (!answer) continue;
      const headers = new Headers(answer.headers);
      const made = Date.parse(headers.get("x-answered-at")) - 24 * 3600 * 1000;
      headers.set("x-answered-at", new Date(made).toUTCString());
      await cache.put(request, new Response(await answer.blob(), {headers}));
    }
  }
}"""


async def looked(page: Page, script: str, words: str | list[str], wanted: Callable[[Any], bool]) -> Any:
    """Look again and again, for fifteen seconds, until it is as wanted; give what there was at last."""
    held = await page.evaluate(script, words)
    for _ in range(150):
        if wanted(held):
            break
        await page.wait_for_timeout(100)
        held = await page.evaluate(script, words)
    return held
