"""Forms about a place on the map: its name in the reader's language, and a pin that is far from its town."""

from typing import Any

import pytest

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from geo.gazetteer import Place
from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.conftest import Person
from tests.functional.pages.test_suggesting import send

FORMS = (
    "/suggest/{id}", "/suggest/{id}/closed", "/report/{id}", "/report/{id}/sent?reason=spam",
    "/report/{id}/still-true", "/report/{id}/still-true/sent",
)  # fmt: skip
BOTH = {"pl": "Jadłodajnia Pod Lipą", "uk": "Їдальня «Під липою»"}


def named(**texts: str) -> dict[str, Any]:
    return aid_point() | {"name": {"texts": texts, "source": "pl"}}


@pytest.mark.parametrize("form", FORMS)
async def test_a_place_has_the_name_that_the_reader_knows_it_by(
    person: Person, publish: Publish, form: str
) -> None:
    both, polish = (made.feature_id for made in await publish(named(**BOTH), named(pl=BOTH["pl"])))
    page = await person.opens("/uk" + form.format(id=both))
    assert f'<p class="meta">{BOTH["uk"]}</p>' in page.html
    page = await person.opens("/pl" + form.format(id=both))
    assert f'<p class="meta">{BOTH["pl"]}</p>' in page.html
    page = await person.opens("/uk" + form.format(id=polish))
    assert f'<p class="meta"><span lang="pl" dir="auto">{BOTH["pl"]}</span></p>' in page.html


@pytest.fixture
async def kielce(database: Database) -> None:
    async with session(database) as s:
        await load_gazetteer(
            s, ["PL"], places=[Place(1, "Kielce", (), "PL", 20.6286, 50.8661, 190_000, admin1="72")]
        )


async def test_a_pin_that_is_moved_far_from_its_town_is_asked_about_and_may_be_right(
    person: Person, publish: Publish, kielce: None
) -> None:
    (made,) = await publish(aid_point(address={"city": "Kielce", "street": "Mała"}))
    page = await person.opens(f"/en/suggest/{made.feature_id}")
    page = await send(person, page, position="54.35, 18.65")
    assert page.status == 422
    assert "The pin is far from the town in the address." in page.text
    (sure,) = [value for name, value in page.boxes if name == "position.sure"]
    page = await send(person, page, position__sure=sure)
    assert page.url.startswith("/en/sent/")


async def test_of_a_pin_that_was_far_from_its_town_nothing_is_asked_until_it_is_moved(
    person: Person, publish: Publish, kielce: None
) -> None:
    far = {"disclosure": "exact", "position": {"lng": 18.65, "lat": 54.35}}
    first, second = await publish(
        aid_point(address={"city": "Kielce", "street": "Mała"}, place=far),
        aid_point("Other", address={"city": "Kielce", "street": "Mała"}, place=far),
    )
    page = await person.opens(f"/en/suggest/{first.feature_id}")
    page = await send(person, page, name="Renamed")
    assert page.url.startswith("/en/sent/")
    page = await person.opens(f"/en/suggest/{second.feature_id}")
    page = await send(person, page, position="54.40, 18.60")
    assert page.status == 422
    assert "The pin is far from the town in the address." in page.text


async def test_a_pin_where_a_search_for_the_town_has_put_it_is_asked_about(
    person: Person, publish: Publish, kielce: None
) -> None:
    place = {"disclosure": "exact", "position": {"lng": 20.64, "lat": 50.87}}
    (made,) = await publish(aid_point(address={"city": "Kielce", "street": "Mała"}, place=place))
    page = await person.opens(f"/en/suggest/{made.feature_id}")
    page = await send(person, page, position="50.866100, 20.628600")
    assert page.status == 422
    assert "The pin stands where we found the town, in its middle." in page.text
    moved = await send(person, page, position="50.866300, 20.628600")
    assert moved.url.startswith("/en/sent/")
    (sure,) = [value for name, value in page.boxes if name == "position.sure"]
    page = await send(person, page, position__sure=sure)
    assert page.url.startswith("/en/sent/")


async def test_a_closure_is_shown_in_words_before_it_is_sent(person: Person) -> None:
    told = await person.sends(
        "/en/suggest/closed-preview",
        [("state", "temporarily_closed"), ("since", "1.12.2030"), ("until", "2030-12-24")],
    )
    assert told.status == 200
    assert "from December 1, 2030 until December 24, 2030" in told.text
    wrong = await person.sends(
        "/en/suggest/closed-preview",
        [("state", "temporarily_closed"), ("since", "24.12.2030"), ("until", "1.12.2030")],
    )
    assert "This is before the first day." in wrong.text
    nothing = await person.sends("/en/suggest/closed-preview", [("state", "")])
    assert "Nothing yet." in nothing.text
