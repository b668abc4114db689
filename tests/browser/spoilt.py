"""What large text and zoom must not do to a page: make it wider than the window, cut words off or lay them over each other."""

from playwright.async_api import Page

from tests.browser.small_set import TOWN_BOX, SmallSet

# Left out are words that nobody is to see (traps, links that come with the focus) and those on the map. What floats above
# the page is not compared with it, and what can be moved sideways on its own (a table, the row of filters) may reach on.
_SPOILT = r"""() => {
  // Rows that are not in sight yet are as high as it was guessed.
  for (const row of document.querySelectorAll(".hit")) row.style.contentVisibility = "visible";
  const width = document.documentElement.clientWidth, spoilt = [];
  if (document.documentElement.scrollWidth > width)
    spoilt.push(`${document.documentElement.scrollWidth - width} px wider than the window`);
  const say = node => `${node.textContent.trim().slice(0, 40)} in ${node.parentElement.outerHTML.slice(0, 90)}`;
  const styles = new Map(), style = element => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
  const above = (element, is) => { for (let e = element; e; e = e.parentElement) if (is(style(e), e)) return e; return null; };
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({checkVisibilityCSS: true, checkOpacity: true})) continue;
    if (element.closest("option, .map, .skip, .trap, script, style, noscript, svg") || above(element, s => s.clipPath !== "none")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const floats = above(element, s => s.position === "fixed" || s.position === "sticky");
    const moves = above(element, s => s.overflowX === "auto" || s.overflowX === "scroll");
    const box = above(element, s => s.overflowX === "hidden" || s.overflowX === "clip" || s.overflowY === "hidden" || s.overflowY === "clip");
    for (const {left, right, top, bottom} of range.getClientRects()) {
      if (right - left < 2) continue;
      if (!moves && (left < -1 || right > width + 1)) spoilt.push(`beyond the edge: ${say(node)}`);
      if (box && !moves) {
        const edge = box.getBoundingClientRect(), slack = (bottom - top) / 4;
        if (left < edge.left - 1 || right > edge.right + 1 || top + slack < edge.top || bottom - slack > edge.bottom)
          spoilt.push(`cut off: ${say(node)}`);
      }
      const quarter = (bottom - top) / 4;
      if (!floats && !moves) lines.push({node, left: left + 1, right: right - 1, top: top + quarter, bottom: bottom - quarter});
    }
  }
  lines.sort((a, b) => a.top - b.top);
  lines.forEach((line, at) => {
    for (let i = at + 1; i < lines.length && lines[i].top < line.bottom; i++)
      if (lines[i].node !== line.node && lines[i].left < line.right && lines[i].right > line.left)
        spoilt.push(`over each other: ${say(line.node)} and ${say(lines[i].node)}`);
  });
  for (const field of document.querySelectorAll("button, select, .button, .chip"))
    if (field.checkVisibility({checkVisibilityCSS: true}) && !field.closest(".map, .hush") && field.clientWidth && field.localName !== "select" &&
        field.scrollWidth > field.clientWidth + 1 && style(field).overflowX === "visible" && style(field).display !== "inline")
      spoilt.push(`wider than its control: ${field.outerHTML.slice(0, 110)}`);
  return [...new Set(spoilt)].slice(0, 12);
}"""


async def spoilt(page: Page) -> list[str]:
    """Name what is wrong with a page as it is shown now, a dozen at most."""
    found: list[str] = await page.evaluate(_SPOILT)
    return found


def public_pages(small_set: SmallSet) -> list[str]:
    """Every public page once, and the finder as often as it looks different; paths below the language."""
    kitchen, one = small_set.kitchen, small_set.kitchen_id
    ids = ",".join(path.split("/")[2] for path in (small_set.kitchen, small_set.helpline))
    return [
        f"/?bbox={TOWN_BOX}",
        "/?service=family%3Afood&audience=refugees",
        "/?q=qqqq+zzzz",
        f"/?bbox={TOWN_BOX}#filters",
        "/?layer=organisations",
        *(kitchen, small_set.refuge, small_set.helpline, small_set.organisation),
        *(f"{kitchen}/slip.html", "/table", f"/compare?ids={ids}", "/lists", "/slips", "/offline"),
        *("/day", "/day?near=22.0,50.04&need=food_parcels&need=primary_care"),
        *("/missing", "/missing?service=laundry&audience=refugees&q=pralka"),
        *("/add", "/add/aid_points", "/add/organisations", f"/suggest/{one}", f"/suggest/{one}/closed"),
        *(f"/report/{one}", f"/report/{one}/still-true"),
        *("/about", "/checking", "/privacy", "/accessibility", "/data", "/no-such-page"),
    ]
