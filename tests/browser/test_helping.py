"""Those who help others: lists that never leave the browser, slips, table and comparison."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import expect

from app.i18n import LANGUAGES
from tests.browser.conftest import PHONE, MakeVisitor
from tests.browser.small_set import TOWN_BOX, SmallSet
from tests.browser.test_accessibility import Inspector, inspector
from tests.pdf import opened

__all__ = ["inspector"]
pytestmark = pytest.mark.browser

NASTY = "<img src=x onerror=alert(1)>"


def kept(small_set: SmallSet, **more: Any) -> str:
    """What the browser keeps of a list of two places."""
    points = [
        {"layer": "aid_points", "id": path.split("/")[2], "name": NASTY, "note": ""}
        for path in (small_set.kitchen, small_set.helpline)
    ]
    return json.dumps({"v": 1, "lists": [{"name": "Pani O.", "points": points} | more]})


async def test_pages_for_helpers_are_for_everybody(small_set: SmallSet, inspector: Inspector) -> None:
    lang = inspector.lang
    await inspector.open(f"/{lang}/table", "table")
    ids = ",".join(path.split("/")[2] for path in (small_set.kitchen, small_set.helpline))
    await inspector.open(f"/{lang}/compare?ids={ids}", "compare")
    for path in ("kitchen", "refuge", "helpline"):
        lasting = "/".join(getattr(small_set, path).split("/")[:3])
        await inspector.open(f"/{lang}{lasting}/slip.html", f"slip of {path}")
    await inspector.open(f"/{lang}/lists", "no lists")
    await inspector.page.evaluate("text => localStorage.setItem('pomapa.lists', text)", kept(small_set))
    await inspector.open(f"/{lang}/lists", "lists")
    await expect(inspector.page.locator(".saved-place")).to_have_count(2)
    await inspector.inspect("lists with their places")
    await inspector.page.locator('a[href*="/slips#"]').click()
    await expect(inspector.page.locator("[data-slip]")).to_have_count(2)
    await inspector.inspect("slips of a list")
    await inspector.open(f"/{lang}{small_set.kitchen}", "place, saved")
    await inspector.page.locator("[data-save] > summary").click()
    # A link among words, as tall as a finger, does not break their line.
    await expect(inspector.page.locator("[data-save] p a").first).to_have_css("display", "inline-block")
    await inspector.inspect("place, saving")
    inspector.conclude()


async def test_a_list_is_made_shared_kept_and_printed_and_no_server_sees_it(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    helper = await visitor()
    page = await helper.page()
    asked: list[str] = []
    helper.context.on(
        "request", lambda request: asked.append(f"{request.url} {request.post_data} {request.headers}")
    )
    for path in (small_set.kitchen, small_set.shelter):
        await page.goto(f"{helper.address}/pl{path}")
        await page.locator("[data-save] > summary").click()
        if path == small_set.kitchen:
            await page.fill("#new-list", "Tajna nazwa")
            await page.keyboard.press("Enter")
        else:
            await page.locator("[data-save-lists] label", has_text="Tajna nazwa").click()
        await expect(page.locator("[data-save-lists] input")).to_be_checked()
    await page.goto(f"{helper.address}/pl/lists")
    await expect(page.locator(".saved-place")).to_have_count(2)
    await page.locator(".saved input").first.fill("Tajna notatka")
    await page.keyboard.press("Tab")
    await expect(page.locator(".saved li").first.get_by_role("button")).to_be_focused()
    # Order, and what is kept after a reload.
    await page.locator(".saved li").nth(1).locator("button").first.click()
    await page.reload()
    await expect(page.locator(".saved-place").first).to_contain_text("Noclegownia")
    await expect(page.locator(".saved input").nth(1)).to_have_value("Tajna notatka")
    await page.evaluate(
        "navigator.clipboard.writeText = async text => { window.copied = text }; delete Navigator.prototype.share"
    )
    await page.locator("section button").first.click()
    await page.wait_for_function("window.copied")
    shared: str = await page.evaluate("window.copied")
    assert shared.startswith(f"{helper.address}/pl/lists#v=1&n=Tajna+nazwa&p=aid_points.")
    assert "notatka" not in shared

    await page.locator('a[href*="/slips#"]').click()
    await expect(page.locator("[data-slip]")).to_have_count(2)
    await page.select_option("[data-slips-language]", "uk")
    await expect(page.locator("[data-slip][lang=uk]").last).to_contain_text("Кухня «Під каштаном»")
    helper.assert_quiet()
    ids = [path.split("/")[2] for path in (small_set.kitchen, small_set.shelter)]
    assert asked
    for one in asked:
        assert not re.search("Tajna|aid_points\\.|#", one), one
        # The words to compare are a link that nobody has followed.
        assert sum(found in one.split(" ")[0] for found in ids) <= 1

    client = await visitor(viewport={"width": 360, "height": 740})
    other = await client.page()
    await other.goto(shared.replace("/pl/", "/uk/"))
    await expect(other.locator("h2")).to_have_text("Tajna nazwa")
    await expect(other.locator(".saved-place")).to_have_count(2)
    assert await other.evaluate("localStorage.getItem('pomapa.lists')") is None
    await other.locator("section button").click()
    await expect(other.locator(".list-name input")).to_have_value("Tajna nazwa")
    assert "#" not in other.url
    client.assert_quiet()


async def test_a_button_that_is_pressed_after_a_note_was_written_is_pressed(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    """The note is kept while the button goes down: nothing may move before it comes up."""
    helper = await visitor(viewport=PHONE)
    page = await helper.page()
    await page.goto(f"{helper.address}/en/lists")
    await page.evaluate("text => localStorage.setItem('pomapa.lists', text)", kept(small_set))
    await page.reload()
    await expect(page.locator(".saved-place")).to_have_count(2)
    note = page.locator(".saved input").first
    await note.press_sequentially("Ring twice")
    await page.locator(".saved li").nth(1).get_by_role("button", name="Take out").click()
    await expect(page.locator(".saved li")).to_have_count(1)
    await expect(note).to_have_value("Ring twice")
    await expect(page.locator(".saved li a").first).to_be_focused()
    helper.assert_quiet()


async def test_of_a_long_list_it_is_chosen_what_is_compared(
    small_set: SmallSet, visitor: MakeVisitor, axe: Any
) -> None:
    helper = await visitor(viewport=PHONE, locale="uk")
    page = await helper.page()
    await page.goto(f"{helper.address}/uk/?bbox={TOWN_BOX}")
    ids = await page.eval_on_selector_all(
        'li.hit[data-id][data-layer="aid_points"]', "all => all.slice(0, 6).map(one => one.dataset.id)"
    )
    points = [{"layer": "aid_points", "id": one, "name": f"P {n}", "note": ""} for n, one in enumerate(ids)]
    text = json.dumps({"v": 1, "lists": [{"name": "", "points": points}]})
    await page.evaluate("text => localStorage.setItem('pomapa.lists', text)", text)
    await page.goto(f"{helper.address}/uk/lists")
    await expect(page.locator(".saved-place")).to_have_count(6)

    # By keyboard alone, from the words that open the choice to the comparison.
    await page.locator(".compare-choice > summary").focus()
    await page.keyboard.press("Enter")
    status = page.locator(".compare-choice [role=status]")
    for n in range(5):
        await page.keyboard.press("Tab")
        # What is ticked is in sight, above what sticks to the end of the window.
        tick = await page.locator(".compare-choice .tick input").nth(n).bounding_box()
        stuck = await page.locator(".compare-now").bounding_box()
        assert tick
        assert stuck
        assert tick["y"] + tick["height"] <= stuck["y"]
        if n != 1:
            await page.keyboard.press("Space")
    await expect(status).to_have_text("Вибрано: 4 із 4")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(status).to_contain_text("Більше ніж 4 порівняти не можна")
    targets = await page.locator(".compare-choice :is(summary, .tick, button)").all()
    assert len(targets) > 4
    for target in targets:
        box = await target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    assert await axe(page) == []
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".data-table.compare thead th")).to_have_count(4)
    links = await page.eval_on_selector_all(
        ".compare thead a", "all => all.map(one => one.pathname.split('/')[3])"
    )
    assert links == [ids[n] for n in (0, 2, 3, 4)]
    # Back again the choice is open, with its ticks: also where the browser has not kept the page.
    await page.go_back()
    await expect(status).to_have_text("Вибрано: 4 із 4")
    await expect(status).to_be_visible()
    helper.assert_quiet()


async def test_hostile_fragments_and_broken_storage_are_text_or_nothing(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page = await person.page()
    await page.goto(f"{person.address}/pl/lists#v=1&n={quote(NASTY)}&p=aid_points.{'A' * 22}")
    await expect(page.locator("h2")).to_have_text(NASTY)
    await expect(page.locator(".saved")).to_contain_text("Nie ma go już na mapie")
    assert await page.locator("main img").count() == 0
    # What a program that shortens long addresses leaves of them is not shown as if it were whole.
    for cut, words in (("A" * 30, "brakuje"), ("A" * 9, "niepełny")):
        await page.goto(f"{person.address}/pl/lists#v=1&n=L&p=aid_points.{cut}")
        await expect(page.locator("[data-lists] > [role=status]")).to_contain_text(words)
    for text in ("{", '{"v":1,"lists":[{"points":7},null]}', kept(small_set, name=NASTY)):
        await page.goto(f"{person.address}/pl/lists")
        await page.evaluate("text => localStorage.setItem('pomapa.lists', text)", text)
        await page.reload()
        await expect(page.locator("[data-lists] p, [data-lists] h2").first).to_be_attached()
        assert await page.locator("main img").count() == 0
    person.assert_quiet()


async def test_without_script_the_pages_say_what_is_possible(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(java_script_enabled=False)
    page = await person.page()
    await page.goto(f"{person.address}/pl/lists")
    await expect(page.locator("[data-lists]")).to_contain_text("JavaScriptu")
    await page.goto(f"{person.address}/pl{small_set.kitchen}")
    await expect(page.locator("[data-save]")).to_be_hidden()
    await page.locator('a[href$="/slip.html"]').click()
    await expect(page.locator("[data-slip] h1")).to_have_text("Kuchnia „Pod Kasztanem”")
    await page.set_viewport_size({"width": 1280, "height": 900})
    for language in LANGUAGES:
        # All columns are in sight, and on a narrow page whose row it is.
        await page.goto(f"{person.address}/{language}/table")
        region, table = [await page.locator(at).bounding_box() for at in (".table-box", "#places")]
        assert region
        assert table
        assert table["x"] + table["width"] <= region["x"] + region["width"]
    await page.set_viewport_size({"width": 360, "height": 740})
    region_of_rows = page.get_by_role("region", name=re.compile(r"^Места"))
    await region_of_rows.focus()
    for _ in range(9):
        await page.keyboard.press("ArrowRight")
    # The first column has gone; the name of the place has not.
    await expect(region_of_rows.get_by_role("columnheader").first).not_to_be_in_viewport()
    await expect(region_of_rows.get_by_role("rowheader").first).to_be_in_viewport(ratio=0.9)
    await page.goto(f"{person.address}/pl/table?sort=name")
    assert await page.locator("tbody tr").count() == 25


async def test_a_day_of_five_errands_is_one_sheet(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(locale="uk", reduced_motion="reduce")
    page = await person.page()
    await page.goto(f"{person.address}/uk/day?near=22.0,50.04&need=food_parcels&need=primary_care")
    await expect(page.locator(".day-stop").first).to_be_visible()
    # The small set has too few places for a full day: its longest errand five times, each with much to bring.
    await page.evaluate(
        """() => {
          const list = document.querySelector("ol.day");
          const all = [...list.children].sort((a, b) => b.textContent.length - a.textContent.length);
          const bring = document.createElement("p");
          bring.textContent = "Що взяти із собою: потрібен документ, що посвідчує особу, потрібна довідка про доходи";
          all[0].append(bring);
          list.replaceChildren(...[1, 2, 3, 4, 5].map(() => all[0].cloneNode(true)));
        }"""
    )
    await expect(page.locator(".day-stop")).to_have_count(5)
    assert len(opened(await page.pdf(format="A4")).pages) == 1
    person.assert_quiet()
