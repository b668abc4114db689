"""The map beside the list: filters, paging, pop-ups, clusters, the way back, keyboard, and what happens when parts fail."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, Installation, MakeVisitor, Visitor
from tests.browser.small_set import CROWD, TOWN_BOX, WIDE_BOX, SmallSet, point, publish_one, take_down

pytestmark = pytest.mark.browser

#: The village of the crowd, on a phone with nothing else near it.
VILLAGE_BOX = "22.1,50.06,22.3,50.14"
KITCHEN = "Kuchnia „Pod Kasztanem”"


def pin(page: Page, name: str) -> Locator:
    return page.locator(f'#map a.pin[data-name="{name}"]')


def clusters(page: Page) -> Locator:
    return page.locator("#map button.cluster")


# Where a test answers in the server's place it does without the service worker, which would ask past it.
async def opened(visitor: Visitor, query: str, language: str = "pl") -> Page:
    page = await visitor.page()
    await page.goto(f"{visitor.address}/{language}/?{query}")
    await expect(page.locator("#map .pin").first).to_be_visible()
    return page


async def test_a_filter_changes_list_map_and_address_and_back_undoes_it(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page = await opened(person, f"bbox={TOWN_BOX}")
    await expect(pin(page, KITCHEN)).to_be_visible()
    await expect(pin(page, "Przychodnia Zdrowie")).to_be_visible()
    chip = page.locator('.filters [data-value="family:food"]')
    await chip.click()
    await expect(chip).to_have_attribute("aria-pressed", "true")
    await expect(pin(page, "Przychodnia Zdrowie")).to_have_count(0)
    await expect(pin(page, KITCHEN)).to_be_visible()
    await expect(page.locator("li.hit")).to_have_count(1)
    await expect(page).to_have_title("Znajdź pomoc: 1 miejsce – Pomapa")
    assert "family%3Afood" in page.url or "family:food" in page.url
    await page.go_back()
    await expect(chip).to_have_attribute("aria-pressed", "false")
    await expect(pin(page, "Przychodnia Zdrowie")).to_be_visible()
    await expect(page.locator("li.hit", has_text="Przychodnia")).to_be_visible()
    person.assert_quiet()


async def test_what_is_taken_down_or_published_is_so_on_the_next_view(
    small_set: SmallSet, installation: Installation, visitor: MakeVisitor
) -> None:
    """In list and map alike, also where the browser has both of a moment ago."""
    name = "Pralnia na chwilę"
    row = f'li.hit:has-text("{name}")'
    person = await visitor()
    page = await opened(person, f"bbox={TOWN_BOX}")
    content = point(name, "laundry", 22.02, 50.025)
    feature_id = await asyncio.to_thread(publish_one, installation.urls, content)
    await until_rows(page, row, 1)
    await expect(pin(page, name)).to_be_visible()
    await asyncio.to_thread(take_down, installation.urls, feature_id)
    await until_rows(page, row, 0)
    await expect(pin(page, "Przychodnia Zdrowie")).to_be_visible()
    await expect(pin(page, name)).to_have_count(0)
    person.assert_quiet()


async def until_rows(page: Page, row: str, count: int) -> None:
    """Come to the page again until its list is the new one: the server looks for a new version a few times a second."""
    address = page.url
    for _ in range(50):
        await page.goto("about:blank")
        await page.goto(address)
        if await page.locator(row).count() == count:
            return
    pytest.fail(f"not {count} of {row}")


async def test_the_next_page_of_the_list_keeps_the_map(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await opened(person, f"bbox={WIDE_BOX}")
    first = await page.locator("li.hit").first.get_attribute("data-id")
    assert await page.locator("li.hit").count() == 25
    drawn = await page.locator("#map .pin").count()
    await page.locator('a[rel="next"]').click()
    await expect(page.locator(f'li.hit[data-id="{first}"]')).to_have_count(0)
    await expect(page.locator("ol")).to_have_attribute("start", "26")
    assert await page.locator("#map .pin").count() == drawn
    # The reader is told, and goes on from the head of the new page.
    await expect(page.locator("#count")).to_be_focused()
    await page.locator('a[rel="prev"]').click()
    await expect(page.locator(f'li.hit[data-id="{first}"]')).to_be_visible()
    person.assert_quiet()


async def until_drawn(page: Page, wanted: int) -> None:
    """Wait until the clusters and pins on the map stand for so many places: while it zooms, they come and go."""
    count = """map => [...map.querySelectorAll("button.cluster")].reduce((n, c) => n + Number(c.textContent), 0)
                      + map.querySelectorAll("a.pin").length"""
    drawn = -1
    for _ in range(100):
        drawn = await page.locator("#map").evaluate(count)
        if drawn == wanted:
            return
        await page.wait_for_timeout(100)
    assert drawn == wanted


async def test_a_cluster_opens_into_what_it_counted(small_set: SmallSet, visitor: MakeVisitor) -> None:
    """All of it in view, also on a phone, whose map is small."""
    person = await visitor(viewport=PHONE)
    page = await opened(person, f"bbox={VILLAGE_BOX}")
    crowd = clusters(page).filter(has_text=re.compile(rf"^{CROWD}$"))
    await expect(crowd).to_have_attribute("aria-label", re.compile(rf"^{CROWD} miejsc"))
    await crowd.click()
    await expect(crowd).to_have_count(0)
    await expect(page.locator("#count")).to_have_attribute("data-count", f"{CROWD} miejsc")
    await until_drawn(page, CROWD)
    outside = await page.locator("#map").evaluate(
        """map => {
          const seen = map.getBoundingClientRect();
          const sheet = document.querySelector(".sheet").getBoundingClientRect().top;
          return [...map.querySelectorAll(".pin")].filter(pin => {
            const at = pin.getBoundingClientRect();
            const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
            return x < seen.left || x > seen.right || y < seen.top || y > Math.min(seen.bottom, sheet);
          }).length;
        }"""
    )
    assert outside == 0
    person.assert_quiet()


async def test_a_pin_opens_a_brief_of_nodes_and_escape_closes_it(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page = await opened(person, f"bbox={TOWN_BOX}")
    await pin(page, KITCHEN).click()
    brief = page.get_by_role("dialog", name=KITCHEN)
    await expect(brief.get_by_role("heading", name=KITCHEN)).to_be_visible()
    await expect(brief).to_contain_text("Czynne całą dobę")
    await expect(brief.locator('a[href="tel:+48175550123"]')).to_be_visible()
    await expect(page.locator(f'li.hit.on[data-id="{small_set.kitchen_id}"]')).to_be_visible()
    await expect(pin(page, KITCHEN)).to_have_class(re.compile(r"\bon\b"))
    await page.keyboard.press("Escape")
    await expect(brief).to_have_count(0)
    await expect(page.locator("li.hit.on")).to_have_count(0)
    person.assert_quiet()


async def test_places_on_one_spot_open_as_a_list(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await opened(person, "bbox=21.997,50.0265,21.999,50.0275")
    await page.get_by_role("button", name=re.compile(r"^4 miejsca tutaj|^4 miejsca")).click()
    links = page.get_by_role("dialog").get_by_role("link")
    await expect(links).to_have_count(4)
    assert sorted([(await link.inner_text()).split("\n")[0] for link in await links.all()]) == [
        f"Drzwi {n}" for n in range(1, 5)
    ]
    person.assert_quiet()


async def test_list_and_map_point_at_each_other(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await opened(person, f"bbox={TOWN_BOX}")
    row = page.locator(f'li.hit[data-id="{small_set.kitchen_id}"]')
    await row.hover()
    await expect(pin(page, KITCHEN)).to_have_class(re.compile(r"\blit\b"))
    await expect(pin(page, KITCHEN).locator(".name")).to_have_text(KITCHEN)
    await pin(page, "Przychodnia Zdrowie").hover()
    await expect(page.locator("li.hit.lit")).to_contain_text("Przychodnia Zdrowie")
    await expect(pin(page, KITCHEN)).not_to_have_class(re.compile(r"\blit\b"))
    person.assert_quiet()


async def test_markers_are_reached_and_opened_by_keyboard(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await opened(person, f"bbox={TOWN_BOX}")
    await expect(page.locator("#map a.pin")).to_have_count(5)
    await page.locator("#map").focus()
    names = []
    for _ in range(6):
        await page.keyboard.press("Tab")
        names.append(await page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert any(name.startswith(f"{KITCHEN}, ") for name in names), names
    await pin(page, KITCHEN).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name=KITCHEN).get_by_role("link").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(pin(page, KITCHEN)).to_be_focused()
    person.assert_quiet()


async def test_a_moved_map_asks_for_what_it_shows(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await opened(person, f"bbox={TOWN_BOX}")
    before = page.url
    # Those without a place are in the list of no box.
    await expect(page.locator("#count")).to_have_attribute("data-count", re.compile(r"^9 "))
    await page.mouse.move(1000, 700)
    await page.mouse.down()
    await page.mouse.move(500, 700, steps=8)
    await page.mouse.up()
    await expect(page).not_to_have_url(before)
    await expect(page.locator("#count")).not_to_have_attribute("data-count", re.compile(r"^9 "))
    person.assert_quiet()


async def test_a_turned_phone_asks_nothing_new(small_set: SmallSet, visitor: MakeVisitor) -> None:
    """Neither about another area nor from the first page; only the places of what has come into view."""
    person = await visitor(viewport=PHONE, has_touch=True, is_mobile=True, service_workers="block")
    page = await opened(person, "page=2")
    tiles = re.compile(r"/api/v1/tiles/aid_points/")
    # The finder asks for the points of the new view first, and for its list in the same breath, if it does.
    async with page.expect_request(tiles):
        await page.set_viewport_size({"width": 1400, "height": 900})
    await expect(page.locator("#map .pin").first).to_be_visible()
    assert page.url.endswith("?page=2")
    # Whoever then takes the map in their hand asks about what it shows.
    await page.locator("#map").press("ArrowRight")
    await page.wait_for_url(re.compile("bbox="))
    person.assert_quiet()


async def test_a_row_lights_up_the_cluster_that_its_place_is_in(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page = await opened(person, "bbox=14,49,24.2,54.9")
    cluster = page.locator("#map .cluster")
    await expect(cluster.first).to_be_visible()
    await expect(page.locator("#map .lit")).to_have_count(0)
    await page.locator("li.hit[data-lng]").first.hover()
    await expect(page.locator("#map .cluster.lit")).to_have_count(1)
    await page.mouse.move(2, 2)
    await expect(page.locator("#map .lit")).to_have_count(0)
    person.assert_quiet()


async def test_a_refused_position_says_what_to_do_instead(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(viewport=PHONE, locale="pl-PL")
    page = await opened(person, f"bbox={TOWN_BOX}")
    await page.locator("[data-locate]:visible").first.click()
    await expect(page.locator(".map-word")).to_contain_text("Wpisz adres, znajdziemy miejsca obok")
    await expect(page.locator("#q")).to_be_focused()
    person.assert_quiet()


async def test_a_known_position_gives_distances_without_being_sent(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(
        geolocation={"longitude": 22.00012, "latitude": 50.04034}, permissions=["geolocation"]
    )
    page = await opened(person, f"bbox={TOWN_BOX}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.locator("[data-locate]:visible").first.click()
    # The way and the street; whoever walks there knows the town.
    far = page.locator(f'li.hit[data-id="{small_set.kitchen_id}"] .far')
    await expect(far).to_contain_text(re.compile(r"\d+\xa0m, ul\. Kopernika 12"))
    await expect(far.locator(".town")).to_be_hidden()
    await expect(page.locator(".me")).to_be_visible()
    # Nor does the middle of what is asked for: it is that of a square kilometre.
    await page.wait_for_url(lambda url: "bbox=" in url and TOWN_BOX not in url)
    west, south, east, north = map(float, re.findall(r"bbox=([^&]*)", page.url)[0].split(","))
    assert (west + east) / 2 == pytest.approx(22.005, abs=0.001)
    assert (south + north) / 2 == pytest.approx(50.04, abs=0.001)
    assert west < 22.00012 < east
    # It stays where it is while somebody looks elsewhere at another zoom.
    for key in (*["ArrowRight"] * 8, "+", "-", *["ArrowLeft"] * 8):
        await page.locator("#map").press(key)
        await expect(page.locator("#map .leaflet-zoom-anim")).to_have_count(0)
    await expect(page.locator(".me")).to_be_visible()
    assert not [url for url in asked if "50.04034" in url or "22.00012" in url]
    person.assert_quiet()


async def test_without_the_api_the_map_says_so_and_the_list_goes_on(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(service_workers="block")
    page = await person.page()
    fails = True

    async def answer(route: Route) -> None:
        await (route.abort() if fails else route.fallback())

    await page.route("**/api/v1/tiles/**", answer)
    await page.goto(f"{person.address}/pl/?bbox={TOWN_BOX}")
    await expect(page.locator(".map-word")).to_contain_text("Lista działa")
    await expect(page.locator("li.hit", has_text=KITCHEN)).to_be_visible()
    await page.locator('.filters [data-value="family:food"]').click()
    await expect(page.locator("li.hit")).to_have_count(1)
    fails = False
    await page.locator(".map-word button").click()
    await expect(pin(page, KITCHEN)).to_be_visible()
    await expect(page.locator(".map-word")).to_be_empty()
    person.assert_quiet()


async def test_without_streets_the_map_has_names(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(service_workers="block")
    page = await person.page()

    async def names(route: Route) -> None:
        place = {
            "name": "Rzeszów",
            "names": {"uk": "Ряшів"},
            "lng": 22.004,
            "lat": 50.041,
            "population": 199000,
        }
        await route.fulfill(json={"places": [place]})

    await page.route("**/api/v1/place-names/**", names)
    await page.goto(f"{person.address}/uk/?bbox=21.5,49.8,22.6,50.4")
    await expect(page.locator(".map-name", has_text="Ряшів")).to_have_count(1)
    await expect(page.locator(".map-name", has_text="Rzeszów")).to_have_count(0)
    await expect(page.locator(".credit")).to_contain_text("GeoNames")
    person.assert_quiet()


async def test_a_count_of_thousands_stays_in_its_cluster(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(viewport=DESKTOP, service_workers="block")
    page = await person.page()

    async def many(route: Route) -> None:
        cluster = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [22.0, 50.04]},
            "properties": {"count": 8_900, "families": [4000, 900, 4000, 0, 0, 0]},
        }
        await route.fulfill(json={"type": "FeatureCollection", "features": [cluster]})

    await page.route("**/api/v1/tiles/**", many)
    for language in ("pl", "uk", "ru", "ro", "de", "en"):
        await page.goto(f"{person.address}/{language}/?bbox={TOWN_BOX}")
        count = page.locator("#map .c-count").first
        await expect(count).to_be_visible()
        text, strip = [await part.bounding_box() for part in (count, page.locator("#map .c-strip").first)]
        assert text is not None
        assert strip is not None
        assert text["width"] <= strip["width"] - 4, language
        assert strip["width"] <= 84, language
        size = await count.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
        assert size >= 14
    person.assert_quiet()
