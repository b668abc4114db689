"""A pin far from the town in its address: the moderator reads how far."""

import httpx2
import pytest

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from geo.gazetteer import Place
from tests.functional.desk.conftest import Waiting


@pytest.fixture
async def kielce(database: Database) -> None:
    async with session(database) as s:
        await load_gazetteer(
            s, ["PL"], places=[Place(1, "Kielce", (), "PL", 20.63, 50.87, 180_000, admin1="72")]
        )


@pytest.mark.parametrize(("lng", "lat", "words"), [(21.01, 52.23, "153 km"), (20.7, 50.9, None)])
async def test_the_distance_to_the_town_is_told_where_it_is_long(
    kielce: None, moderator: httpx2.AsyncClient, waiting: Waiting, lng: float, lat: float, words: str | None
) -> None:
    submission = await waiting(
        place={"disclosure": "exact", "position": {"lng": lng, "lat": lat}},
        address={"street": "Planty", "city": "Kielce", "country": "PL"},
    )
    page = await moderator.get(f"/desk/submissions/{submission.id}", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert (words or "") in page.text
    assert ("(Kielce)" in page.text) is (words is not None)


async def test_that_a_pin_was_computed_from_the_address_is_no_proof_of_it(
    kielce: None, moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    computed = {"level": "locality", "confidence": 0.6, "source": "geonames"}
    submission = await waiting(
        place={"position": {"lng": 20.63, "lat": 50.87}, "geocoded": computed},
        address={"street": "Nieistniejąca", "house_number": "999", "city": "Kielce"},
    )
    page = (await moderator.get(f"/desk/submissions/{submission.id}", headers={"Accept-Language": "en"})).text
    assert "the pin was computed from the address and is only the middle of Kielce" in page
    assert "from the pin. How certain" not in page
    assert "Nobody has shown the place: the pin is only the middle of Kielce." in page
