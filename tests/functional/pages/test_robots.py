"""What search engines are told."""

import re
from xml.etree import ElementTree as ET

import httpx2
import pytest

from app.features.publishing import Provenance
from app.i18n import LANGUAGES
from app.pages import robots
from tests.functional.conftest import Publish, aid_point

Client = httpx2.AsyncClient


async def test_search_engines_are_told_what_there_is(client: Client, publish: Publish) -> None:
    [open_place, discreet, invented] = [
        *await publish(
            aid_point("Jawne"),
            aid_point("Ciche", services=[{"type": "violence_support"}]),
        ),
        *await publish(aid_point("Zmyślone"), provenance=Provenance(example=True)),
    ]
    site_map = (await client.get("/sitemap.xml")).text
    assert site_map.count(str(open_place.feature_id)) == len(LANGUAGES)
    assert str(discreet.feature_id) not in site_map
    assert str(invented.feature_id) not in site_map
    told = (await client.get("/robots.txt")).text
    assert "Disallow: /desk/" in told
    assert "Sitemap: http://testserver/sitemap.xml" in told


async def test_of_more_places_than_a_site_map_holds_each_is_in_one_of_several(
    client: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "MOST_PLACES", 2)
    published = [*await publish(*(aid_point(f"Miejsce {n} & spółka") for n in range(5)))]
    await publish(aid_point("Ciche", services=[{"type": "violence_support"}]))
    index = await _addresses(client, "/sitemap.xml")
    assert index == [f"http://testserver/sitemap-{part}.xml" for part in (1, 2, 3)]
    found = [page for part in index for page in await _addresses(client, part)]
    assert sorted(found[: len(LANGUAGES)]) == sorted(f"http://testserver/{code}/" for code in LANGUAGES)
    ids = [re.findall("[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4}", page)[0] for page in found[len(LANGUAGES) :]]
    assert sorted(ids) == sorted(str(one.feature_id) for one in published for _ in LANGUAGES)
    for none in (0, 4, 10**9):
        assert (await client.get(f"/sitemap-{none}.xml")).status_code == 404


async def _addresses(client: Client, path: str) -> list[str]:
    answer = await client.get(path)
    assert answer.status_code == 200
    return [found.text or "" for found in ET.fromstring(answer.text).iter() if found.tag.endswith("}loc")]
