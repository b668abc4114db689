"""What search engines are told."""

import httpx2

from app.features.publishing import Provenance
from app.i18n import LANGUAGES
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
    robots = (await client.get("/robots.txt")).text
    assert "Disallow: /desk/" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots
