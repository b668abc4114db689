"""What the accessibility tree says of each kind of page: roles and names that a screen reader needs, in stable words.

A snapshot names what has to be there, in its order; more may stand between. `/children: equal` allows nothing else.
"""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import MakeVisitor, Visitor
from tests.browser.small_set import TOWN_BOX, SmallSet

pytestmark = pytest.mark.browser

SPOT = "21.997,50.0265,21.999,50.0275"


class Listener:
    """Somebody who hears the pages in Polish."""

    def __init__(self, visitor: Visitor, page: Page) -> None:
        self.visitor, self.page = visitor, page

    async def open(self, path: str) -> Locator:
        await self.page.goto(f"{self.visitor.address}/pl{path}")
        return self.page.get_by_role("main")


@pytest_asyncio.fixture(loop_scope="session")
async def listener(visitor: MakeVisitor) -> AsyncIterator[Listener]:
    made = await visitor(reduced_motion="reduce", locale="pl-PL")
    yield Listener(made, await made.page())
    made.assert_quiet()


async def test_a_row_of_the_list(small_set: SmallSet, listener: Listener) -> None:
    main = await listener.open(f"/?bbox={TOWN_BOX}")
    row = main.get_by_role("listitem").filter(has_text="Kuchnia „Pod Kasztanem”")
    await expect(row).to_match_aria_snapshot("""
        - listitem:
          - /children: equal
          - heading "Kuchnia „Pod Kasztanem”" [level=2]:
            - link "Kuchnia „Pod Kasztanem”"
          - paragraph: Paczki żywnościowe, ubrania i buty
          - 'link "Zadzwoń: Kuchnia „Pod Kasztanem”"':
            - /url: tel:+48175550123
          - 'button "Zapisz na liście: „Kuchnia «Pod Kasztanem»”"'
          - paragraph: /^Czynne całą dobę/
          - paragraph: Sprawdzono dzisiaj
          - paragraph: Są wolne miejsca
          - paragraph: /języki/
        """)
    await expect(listener.page.locator("body")).to_match_aria_snapshot("""
        - banner:
          - link "Przejdź do listy miejsc"
          - link "Pomapa"
          - navigation "Główne":
            - link "Dodaj miejsce"
            - group: /Język/
          - search:
            - combobox "Czego i gdzie szukasz?"
            - button "Szukaj blisko mnie"
          - navigation "Filtry":
            - link "Filtry"
            - button "Otwarte teraz"
        - main:
          - region /miejsc/:
            - heading /miejsc/ [level=1]
            - combobox "Najpierw:"
            - list
          - region "Mapa miejsc":
            - link "Pomiń mapę"
            - group "Mapa miejsc":
              - button /Przybliż/
              - link /^Kuchnia „Pod Kasztanem”, czynne całą dobę/
            - group: Co znaczą znaki
            - status
            - button "Przybliż"
            - button "Oddal"
            - button "Pokaż, gdzie jestem"
            - button "Narysuj obszar"
        - status
        """)


async def test_the_panel_of_filters(small_set: SmallSet, listener: Listener) -> None:
    await listener.open(f"/?bbox={TOWN_BOX}")
    await listener.page.get_by_role("link", name="Filtry", exact=True).click()
    panel = listener.page.get_by_role("dialog", name="Filtry")
    await expect(panel).to_match_aria_snapshot("""
        - dialog "Filtry":
          - heading "Filtry" [level=2]
          - link "Zamknij filtry"
          - group "Kiedy":
            - radio /Kiedykolwiek/ [checked]
            - radio /Otwarte teraz/
            - combobox "Za ile dotrzesz na miejsce"
            - combobox "Dzień"
            - combobox "Godzina"
          - group "W jakim języku":
            - checkbox /українська 1/
          - group "Co jest ważne":
            - checkbox /Bezpłatnie/
          - group "Jaka pomoc":
            - checkbox /Jedzenie i rzeczy 1/
            - group: Jedzenie
          - group "Dla kogo"
          - group "Kto może przyjść"
          - group "Kiedy to sprawdzono":
            - radio /Kiedykolwiek/ [checked]
          - link "Wyczyść"
          - button "Pokaż 9 miejsc"
        """)


async def test_nothing_found(small_set: SmallSet, listener: Listener) -> None:
    main = await listener.open("/?q=qqqq+zzzz")
    await expect(main).to_match_aria_snapshot("""
        - main:
          - region /0 miejsc/:
            - heading /0 miejsc/ [level=1]
            - link /usuń filtr/
            - heading "Brak miejsc, które pasują" [level=2]
            - list:
              - listitem:
                - 'link /Pokaż \\d+ miejsc.*: Bez filtra/'
            - paragraph:
              - link "Powiedz nam, czego zabrakło"
            - paragraph:
              - link "Dodaj miejsce"
        """)


async def test_the_list_of_a_spot_on_the_map(small_set: SmallSet, listener: Listener) -> None:
    await listener.open(f"/?bbox={SPOT}")
    spot = listener.page.get_by_role("button", name="4 miejsca tutaj. Pokaż listę")
    await spot.click()
    await expect(listener.page.get_by_role("dialog")).to_match_aria_snapshot("""
        - dialog "4 miejsca tutaj":
          - heading "4 miejsca tutaj" [level=2]
          - button "Zamknij"
          - list:
            - listitem:
              - link /Drzwi \\d Godziny nieznane, najpierw zapytaj/
              - button /Zapisz na liście/
        """)


async def test_the_page_of_a_place(small_set: SmallSet, listener: Listener) -> None:
    main = await listener.open(small_set.kitchen)
    await expect(main).to_match_aria_snapshot("""
        - main:
          - link "Do listy miejsc"
          - article:
            - heading "Kuchnia „Pod Kasztanem”" [level=1]
            - 'link "Zadzwoń: 17 555 01 23"'
            - link "Pokaż trasę"
            - link "Udostępnij"
            - link "Drukuj"
            - link "Kartka do zabrania"
            - group: Zapisz na liście
            - heading /Zamknięte/ [level=2]
            - region "Gdzie to jest"
            - region "Godziny otwarcia":
              - table:
                - rowgroup:
                  - row /zamknięte/
            - region "Kontakt":
              - term:
                - link "17 555 01 23"
              - definition: /ukraiński/
            - region "O tym miejscu"
            - region "W czym tu pomagają":
              - heading "Paczki żywnościowe" [level=3]
            - region "Zanim pójdziesz":
              - term: Kto może skorzystać
              - definition
            - region "Czy to nadal aktualne?":
              - heading "Czy to nadal aktualne?" [level=2]
              - paragraph:
                - strong: Sprawdzono dzisiaj
              - button "Tak, na miejscu wszystko się zgadza"
              - paragraph:
                - link "Zaproponuj zmianę"
                - link "Zgłoś problem"
                - link "Jest zamknięte"
            - region "Historia":
              - group
            - region "W pobliżu":
              - list
        """)


async def test_whether_it_is_still_true(small_set: SmallSet, listener: Listener) -> None:
    main = await listener.open(f"/report/{small_set.kitchen_id}/still-true")
    await expect(main).to_match_aria_snapshot("""
        - main:
          - /children: equal
          - link "Wróć do miejsca"
          - paragraph: Kuchnia „Pod Kasztanem”
          - heading "Czy to nadal aktualne?" [level=1]
          - paragraph
          - button "Tak, na miejscu wszystko się zgadza"
          - paragraph
          - paragraph:
            - link "Zaproponuj zmianę"
            - link "Zgłoś problem"
        """)


async def test_what_was_missing(small_set: SmallSet, listener: Listener) -> None:
    main = await listener.open("/missing?service=laundry&q=pralka")
    await expect(main).to_match_aria_snapshot("""
        - main:
          - link "Wróć do mapy"
          - heading "Powiedz nam, czego zabrakło" [level=1]
          - group "Czego szukasz":
            - checkbox "Pralnia" [checked]
          - textbox "Wyszukiwane słowa (nieobowiązkowe)": pralka
          - textbox "Czego dokładnie zabrakło? (nieobowiązkowe)"
          - button "Wyślij"
        """)


async def test_a_day_on_foot(small_set: SmallSet, listener: Listener) -> None:
    main = await listener.open("/day?near=22.0,50.04&need=information_point&need=primary_care")
    await expect(main).to_match_aria_snapshot("""
        - main:
          - heading "Plan dnia" [level=1]
          - paragraph:
            - button "Drukuj"
          - list:
            - listitem:
              - paragraph: /pieszo/
              - paragraph:
                - time
              - heading "Przychodnia Zdrowie" [level=2]:
                - link "Przychodnia Zdrowie"
          - paragraph:
            - link "Zobacz wszystkie takie miejsca"
          - heading "Zaplanuj inny dzień" [level=2]
          - combobox "Pomoc 1"
          - combobox "Pomoc 2"
          - textbox /Skąd wyruszasz/
          - combobox "Dzień"
          - combobox "Godzina wyjścia"
          - combobox "Ile trwa jedna wizyta"
          - paragraph:
            - button "Zaplanuj dzień"
        """)


async def test_a_step_of_the_form_with_errors(small_set: SmallSet, listener: Listener) -> None:
    main = await listener.open("/add/aid_points")
    async with listener.page.expect_event("load"):
        await main.get_by_role("button", name="Zapisz i idź dalej").last.click()
    await expect(main).to_match_aria_snapshot("""
        - main:
          - link "Co można dodać"
          - navigation "Kroki":
            - list
          - heading "Nazwa i pomoc" [level=1]
          - alert "Popraw 2 rzeczy, żeby iść dalej":
            - heading "Popraw 2 rzeczy, żeby iść dalej" [level=2]
            - list:
              - listitem:
                - link "Wpisz nazwę miejsca.":
                  - /url: "#name"
              - listitem:
                - link "Zaznacz przynajmniej jeden rodzaj pomocy.":
                  - /url: "#services"
          - group "Jak się nazywa to miejsce?":
            - paragraph: "Błąd: Wpisz nazwę miejsca."
            - textbox "Nazwa miejsca" [invalid]
          - group "Jaka pomoc tu jest?":
            - group "Jaka pomoc tu jest?":
              - paragraph: "Błąd: Zaznacz przynajmniej jeden rodzaj pomocy."
              - group: Jedzenie
          - button "Zapisz i idź dalej"
        """)
    name = main.get_by_label("Nazwa miejsca")
    await expect(name).to_have_accessible_description(re.compile(r"Błąd: Wpisz nazwę miejsca\.$"))
    await expect(main.get_by_role("listitem").filter(has_text="Nazwa i pomoc")).to_have_attribute(
        "aria-current", "step"
    )
