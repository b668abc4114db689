import re
from pathlib import Path

import httpx2
import pytest

from app.layers.aid_points.content import AidPoint
from tests.functional.conftest import Publish, aid_point

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "api.md"
FEATURES = "/api/v1/layers/aid_points/features.geojson"


async def test_a_layer_is_a_feature_collection(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(aid_point(), aid_point("Noclegownia", services=[{"type": "night_shelter"}]))
    answer = await client.get(FEATURES, params={"count": "true"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"].startswith("public, max-age=30")
    assert "set-cookie" not in answer.headers
    body = answer.json()
    assert body["type"] == "FeatureCollection"
    assert body["numberMatched"] == body["numberReturned"] == 2
    assert {f["properties"]["name"] for f in body["features"]} == {"Jadłodajnia „Ciepły Stół”", "Noclegownia"}
    assert body["features"][0]["geometry"]["coordinates"] == [20.6286, 50.8661]


async def test_a_known_version_is_not_sent_again(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(aid_point())
    first = await client.get(FEATURES)
    again = await client.get(FEATURES, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("service=hot_meals", 1),
        ("service=food", 1),
        ("service=family:shelter", 1),
        ("service=food,night_shelter", 2),
        ("service=hot_meals&service=night_shelter", 2),
        ("service=laundry", 0),
        ("language=uk", 1),
        ("service=hot_meals&language=uk", 0),
        ("q=noclegownia", 1),
        ("q=NOCLEG", 1),
        ("q=їжа", 1),
        ("bbox=20.6,50.8,20.7,50.9", 2),
        ("bbox=21.6,50.8,21.7,50.9", 0),
        ("near=20.6286,50.8661&radius_m=100", 2),
        ("near=20.70,50.8661&radius_m=100", 0),
    ],
)
async def test_filters(client: httpx2.AsyncClient, publish: Publish, query: str, found: int) -> None:
    shelter = aid_point("Noclegownia", services=[{"type": "night_shelter"}], languages=["uk", "pl"])
    await publish(aid_point(), shelter)
    answer = await client.get(f"{FEATURES}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["numberReturned"] == found


async def test_pages_follow_each_other_by_links(client: httpx2.AsyncClient, publish: Publish) -> None:
    # The last feature of a page is found by how features begin, which a name cannot pretend.
    expected = [f'Punkt {i} {{"type":"Feature","id":"' for i in range(7)]
    await publish(*(aid_point(name) for name in expected))
    names: list[str] = []
    url = f"{FEATURES}?limit=3"
    while url:
        body = (await client.get(url)).json()
        names += [feature["properties"]["name"] for feature in body["features"]]
        url = body["links"][0]["href"] if "links" in body else ""
    assert sorted(names) == sorted(expected)


async def test_one_feature_has_its_whole_public_content(client: httpx2.AsyncClient, publish: Publish) -> None:
    (made,) = await publish(aid_point(contacts=[{"kind": "phone", "value": "41 344 55 66"}]))
    answer = await client.get(f"/api/v1/layers/aid_points/features/{made.feature_id}")
    assert answer.status_code == 200
    feature = answer.json()
    assert feature["id"] == str(made.feature_id)
    assert feature["properties"]["contacts"][0]["value"] == "+48413445566"
    assert (await client.get(f"/api/v1/layers/organisations/features/{made.feature_id}")).status_code == 404


async def test_one_feature_has_the_properties_that_the_reference_names(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    (made,) = await publish(aid_point())
    (said,) = re.findall(r"^One feature .*?\n\n", REFERENCE.read_text(), re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`(\w+)`", said))
    answer = await client.get(f"/api/v1/layers/aid_points/features/{made.feature_id}")
    given = set(answer.json()["properties"])
    assert given - set(AidPoint.model_fields) <= named
    # What only some features have.
    sometimes = {
        "code",
        "level",
        "name",
        "source",
        "source_id",
        "source_url",
        "licence",
        "attribution",
        "example",
    }
    assert named - sometimes <= given


async def test_a_tile_has_clusters_and_features(client: httpx2.AsyncClient, publish: Publish) -> None:
    far = {"place": {"position": {"lng": 21.9, "lat": 50.04}}}
    await publish(aid_point(), aid_point("Obok"), aid_point("Rzeszów", **far))
    answer = await client.get("/api/v1/tiles/aid_points/6/35/21.geojson")
    assert answer.status_code == 200
    counts = sorted(f["properties"].get("count", 1) for f in answer.json()["features"])
    assert counts == [1, 2]


async def test_the_layers_describe_themselves(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/v1/layers")
    assert answer.status_code == 200
    layers = {layer["key"]: layer for layer in answer.json()["layers"]}
    assert set(layers) == {"aid_points", "organisations"}
    assert layers["aid_points"]["schema"]["properties"]["services"]["maxItems"] == 30


@pytest.mark.parametrize("path", ["/api/v1/vocabularies", "/api/v1/taxonomy/uk.json", "/api/v1/openapi.json"])
async def test_what_only_the_program_decides_is_served(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.json()
