"""Every page: axe without violations in every scheme, its language, one main heading, targets for a finger, nothing cut off."""

import asyncio
import urllib.parse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Installation, MakeVisitor, Visitor
from tests.browser.small_set import TOWN_BOX, SmallSet, add_waiting

pytestmark = pytest.mark.browser

Axe = Callable[[Page], Awaitable[list[str]]]

#: Every page in one of each pair; together they meet every scheme, size and alphabet.
LOOKS: dict[str, dict[str, Any]] = {
    "pl light desktop": {"lang": "pl", "locale": "pl-PL", "viewport": DESKTOP, "color_scheme": "light"},
    "uk dark phone": {
        "lang": "uk",
        "locale": "uk-UA",
        "viewport": PHONE,
        "color_scheme": "dark",
        "has_touch": True,
        "is_mobile": True,
    },
}
#: The first is 1280 at 400 %.
NARROW = (320, 360)
FINGER_PX = 44

# What can be pressed and is not a word in a sentence or in the line that credits the map; each with the height and width that react to a finger.
TARGETS = """least => {
  const small = [];
  const shown = element => element.checkVisibility({checkVisibilityCSS: true, checkOpacity: true});
  const inSentence = element => getComputedStyle(element).display === "inline" && element.closest("p, li, dd, td") &&
    element.closest("p, li, dd, td").textContent.trim().length > element.textContent.trim().length;
  for (const element of document.querySelectorAll("a[href], button, select, summary, textarea, input:not([type=hidden])")) {
    const target = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element;
    if (!shown(target) || target.closest(".hush, .skip, [aria-hidden=true], .leaflet-pane, .credit") || inSentence(target)) continue;
    target.scrollIntoView({block: "center", inline: "center"});
    const box = target.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const reacts = (x, y) => {
      const hit = document.elementFromPoint(x, y);
      return hit && (target.contains(hit) || hit.closest("a, button, label") === target || hit.closest("label")?.control === target);
    };
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const half = least / 2 - 1;
    const high = box.height >= least - 0.5 || (reacts(x, y - half) && reacts(x, y + half));
    const wide = box.width >= least - 0.5 || (reacts(x - half, y) && reacts(x + half, y));
    if (!high || !wide) small.push(`${Math.round(box.width)}×${Math.round(box.height)} ${target.outerHTML.slice(0, 110)}`);
  }
  scrollTo(0, 0);
  return small;
}"""

# Fields that nobody has named; what is wider than the page.
NAMELESS = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  .filter(field => !field.labels?.length && !field.getAttribute("aria-label") && !field.getAttribute("aria-labelledby"))
  .map(field => field.outerHTML.slice(0, 110))"""
OVERFLOW = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


@dataclass
class Inspector:
    """Goes from page to page with one look, and collects everything that is wrong."""

    visitor: Visitor
    page: Page
    axe: Axe
    lang: str
    phone: bool

    def __post_init__(self) -> None:
        self.found: list[str] = []

    async def open(self, path: str, name: str = "") -> None:
        await self.page.goto(self.visitor.address + path)
        await self.inspect(name or path)

    async def inspect(self, name: str) -> None:
        await self.visitor.at_rest(self.page)
        lang, direction, headings = await self.page.evaluate(
            "() => [document.documentElement.lang, document.documentElement.dir, document.querySelectorAll('h1').length]"
        )
        problems = await self.axe(self.page)
        if self.phone:
            # What a bar at the edge covers until one scrolls is small to axe; TARGETS scrolls, and asks for more.
            problems = [problem for problem in problems if not problem.startswith("target-size")]
        if (lang, direction, headings) != (self.lang, "ltr", 1):
            problems.append(f"lang {lang}, dir {direction}, {headings} h1")
        problems += [f"no label: {field}" for field in await self.page.evaluate(NAMELESS)]
        if self.phone:
            problems += [f"small target: {target}" for target in await self.page.evaluate(TARGETS, FINGER_PX)]
        problems += await self._too_wide()
        self.found += [f"{name}: {problem}" for problem in problems]

    async def _too_wide(self) -> list[str]:
        problems = []
        whole = PHONE if self.phone else DESKTOP
        for width in NARROW:
            await self.page.set_viewport_size({"width": width, "height": whole["height"]})
            if (over := await self.page.evaluate(OVERFLOW)) > 0:
                problems.append(f"{over} px wider than {width}")
        await self.page.set_viewport_size({"width": whole["width"], "height": whole["height"]})
        return problems

    def conclude(self) -> None:
        assert not self.found, "\n".join(self.found)
        self.visitor.assert_quiet()


@pytest_asyncio.fixture(loop_scope="session", params=LOOKS)
async def inspector(request: pytest.FixtureRequest, visitor: MakeVisitor, axe: Axe) -> Inspector:
    look = dict(LOOKS[request.param])
    lang = look.pop("lang")
    made = await visitor(reduced_motion="reduce", **look)
    return Inspector(made, await made.page(), axe, lang, "is_mobile" in look)


async def test_pages_of_the_finder(small_set: SmallSet, inspector: Inspector) -> None:
    home = f"/{inspector.lang}/"
    await inspector.open(f"{home}?bbox={TOWN_BOX}", "finder")
    await inspector.page.locator("#map a.pin").first.dispatch_event("click")
    await inspector.page.locator(".brief").wait_for()
    await inspector.inspect("finder with a pop-up")
    await inspector.open(f"{home}?service=family%3Afood&audience=refugees", "finder with tags")
    # Tags that stand one under the other: a finger meets each.
    await inspector.open(f"{home}?near=22.0,50.04&open_at=arrival", "finder with rows of tags")
    await inspector.open(f"{home}?{urllib.parse.urlencode({'q': 'qqqq zzzz'})}", "finder, nothing found")
    await inspector.open(f"{home}?bbox=18,54,18.1,54.1", "finder, an empty map")
    await inspector.open(f"{home}#filters", "finder with its panel")
    await inspector.open(f"{home}?layer=organisations", "finder of organisations")
    inspector.conclude()


async def test_pages_of_places(small_set: SmallSet, inspector: Inspector) -> None:
    for path in ("kitchen", "shelter", "refuge", "helpline", "organisation"):
        await inspector.open(f"/{inspector.lang}{getattr(small_set, path)}", path)
    printed = f"{small_set.kitchen}?printed=1.20260101.{'A' * 14}"
    await inspector.open(f"/{inspector.lang}{printed}", "what has changed since it was printed")
    inspector.conclude()


async def test_pages_of_reading_and_errors(small_set: SmallSet, inspector: Inspector) -> None:
    for name in ("about", "checking", "privacy", "accessibility", "data"):
        await inspector.open(f"/{inspector.lang}/{name}")
    await inspector.open(f"/{inspector.lang}/no-such-page", "not found")
    await inspector.open(f"/{inspector.lang}/confirm/abc", "a link that is not complete")
    await inspector.open(f"/{inspector.lang}/?service=nothing_such", "a question with a mistake")
    await inspector.open(f"/{inspector.lang}/day?need=food&from=Qqqq", "a day that cannot be planned")
    await inspector.open("/problems/not_found", "what a program is told")
    inspector.conclude()


async def test_forms_about_a_place(small_set: SmallSet, inspector: Inspector) -> None:
    lang, kitchen = inspector.lang, small_set.kitchen_id
    for path in (f"suggest/{kitchen}", f"suggest/{kitchen}/closed", f"report/{kitchen}"):
        await inspector.open(f"/{lang}/{path}", path.partition("/")[0])
    async with inspector.page.expect_event("load"):
        await inspector.page.locator("main .form-end button").click()
    await inspector.inspect("report with a problem")
    await inspector.open(f"/{lang}/report/{kitchen}/sent?reason=unsafe", "thanks")
    inspector.conclude()


async def _press(page: Page, action: str) -> None:
    async with page.expect_event("load"):
        await page.locator(f'main button[value="{action}"]:not(.hush)').last.click()


async def test_steps_of_the_forms(small_set: SmallSet, inspector: Inspector) -> None:
    page, lang = inspector.page, inspector.lang
    await inspector.open(f"/{lang}/add", "what to add")
    await inspector.open(f"/{lang}/add/aid_points", "form 1")
    await _press(page, "next")
    await inspector.inspect("form 1 with problems")
    await page.fill('[name="name"]', "Pralnia przy Rynku")
    await page.locator('details:has(input[value="laundry"]) > summary').first.click()
    await page.locator('label:has(input[value="laundry"])').click()
    await inspector.inspect("form 1, filled in")
    await _press(page, "next")
    await inspector.inspect("form 2")
    await page.locator('label:has(input[name="hours.kind"][value="fixed"])').click()
    await inspector.inspect("form 2 with a week")
    await _press(page, "next")
    await inspector.inspect("form 2 with problems")
    await page.fill('[name="address.city"]', "Rzeszów")
    await page.fill('[name="position"]', "50.04, 22.0")
    await page.locator('label:has(input[name="hours.kind"][value="always"])').click()
    for step in (3, 4, 5):
        await _press(page, "next")
        await inspector.inspect(f"form {step}")
    await page.fill('[name="email"]', "nobody")
    await _press(page, "send")
    await inspector.inspect("form 5 with problems")
    await inspector.open(f"/{lang}/add/organisations", "form of organisations")
    inspector.conclude()


async def test_pages_of_a_submission(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    secret = installation.environment["SECRET_KEY"]
    token = await asyncio.to_thread(add_waiting, installation.urls, secret, "Pralnia Czysta")
    await inspector.open(f"/{inspector.lang}/status/{token}", "status")
    await inspector.open(f"/{inspector.lang}/status/{token}/withdraw", "withdraw")
    inspector.conclude()


async def test_pages_of_the_desk(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    secret = installation.environment["SECRET_KEY"]
    await asyncio.to_thread(add_waiting, installation.urls, secret, "Pralnia Biała")
    page = inspector.page
    await inspector.open("/desk/sign-in", "sign in")
    await page.fill('input[name="email"]', "somebody@example.org")
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").click()
    await inspector.inspect("sign in, sent")
    await inspector.open("/desk/sign-in/link", "sign in by a link")
    await page.goto(await installation.link_for("axe@example.org"))
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").click()
    await inspector.inspect("queue")
    await page.locator(".queue a", has_text="Pralnia Biała").first.click()
    await page.locator("#review").wait_for()
    await inspector.inspect("review")
    # One at a time is open for whoever presses; all of them are looked at.
    await page.locator("details.decision").evaluate_all("all => all.forEach(one => { one.open = true; })")
    await inspector.inspect("review with its forms")
    inspector.conclude()
